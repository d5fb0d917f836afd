"""Files are named by what they hold."""

import hashlib

import pytest

from storage.files import FileStore


def test_same_content_is_stored_once_under_its_hash(files: FileStore) -> None:
    digest = files.keep(b"photo")
    assert digest == hashlib.sha256(b"photo").hexdigest()
    assert files.keep(b"photo") == digest
    assert [path.name for path in files.root.rglob("*") if path.is_file()] == [digest]
    assert files.read(digest) == b"photo"


def test_dropped_file_is_gone_and_may_be_dropped_again(files: FileStore) -> None:
    digest = files.keep(b"photo")
    files.drop(digest)
    files.drop(digest)
    with pytest.raises(FileNotFoundError):
        files.read(digest)


def test_file_half_written_at_a_crash_is_written_again(files: FileStore) -> None:
    digest = hashlib.sha256(b"photo").hexdigest()
    waiting = files.path(digest).with_suffix(".part")
    waiting.parent.mkdir(parents=True)
    waiting.write_bytes(b"pho")
    assert files.keep(b"photo") == digest
    assert files.read(digest) == b"photo"
