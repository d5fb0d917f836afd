"""What is sealed opens only where it was sealed for; what is blinded is found but not read."""

import pytest

from storage.keys import Keys


def test_sealed_text_opens_with_the_same_key_and_purpose(keys: Keys) -> None:
    sealed = keys.seal("denunciation", "lời tố cáo")
    assert "tố" not in sealed
    assert Keys(b"k" * 32).open("denunciation", sealed) == "lời tố cáo"


def test_same_text_is_sealed_differently_every_time(keys: Keys) -> None:
    assert keys.seal("a", "x") != keys.seal("a", "x")


@pytest.mark.parametrize(
    ("other", "purpose"), [(Keys(b"j" * 32), "denunciation"), (Keys(b"k" * 32), "reporter")]
)
def test_other_key_or_purpose_opens_nothing(keys: Keys, other: Keys, purpose: str) -> None:
    sealed = keys.seal("denunciation", "lời tố cáo")
    with pytest.raises(ValueError, match="sealed with another key"):
        other.open(purpose, sealed)


def test_changed_text_does_not_open(keys: Keys) -> None:
    sealed = keys.seal("a", "x" * 30)
    broken = sealed[:20] + ("A" if sealed[20] != "A" else "B") + sealed[21:]
    with pytest.raises(ValueError, match="sealed with another key"):
        keys.open("a", broken)


def test_fingerprints_differ_by_purpose_text_and_key(keys: Keys) -> None:
    found = {
        keys.blind("invite", "x"),
        keys.blind("reporter", "x"),
        keys.blind("invite", "y"),
        Keys(b"j" * 32).blind("invite", "x"),
    }
    assert len(found) == 4
    assert keys.blind("invite", "x") == Keys(b"k" * 32).blind("invite", "x")


def test_short_secret_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Keys(b"k" * 31)
