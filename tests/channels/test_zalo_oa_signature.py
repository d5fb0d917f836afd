"""The signature of events: the documented example, and everything next to it."""

import hashlib
import json

import pytest

from channels.zalo_oa_signature import is_signed
from tests.fakes.zalo_oa_state import APP_ID, OA_ID

# The documented example, byte for byte.
BODY = (
    '{"app_id":"4001122334455667788","sender":{"id":"7100200300400500600"},'
    '"recipient":{"id":"2990011223344556677"},"user_id_by_app":"8123456789012345678",'
    '"event_name":"user_send_text","message":{"text":"Đèn đường hỏng","msg_id":"b1c2d3e4f5a6b7c8d9e0"},'
    '"timestamp":"1790000000123"}'
).encode()
TIMESTAMP = "1790000000123"
SECRET = "OaSecretKey-test-01"
BY_APP = "f969aab08fd470f10cd4fd363b2bba87e98fd85a40b65f9a910ebc59809c63dd"
BY_OA = "40425fb8a26d09d3a219ea0f011b08be1eae2d9c3e52cecfed5f9d9aca4beae0"


def signed(body: bytes, header: str, secret: str = SECRET) -> bool:
    return is_signed(body, header, fronts=(APP_ID, OA_ID), secret=secret, timestamp=TIMESTAMP)


@pytest.mark.parametrize("digest", [BY_APP, BY_OA, BY_APP.upper()])
@pytest.mark.parametrize("front", ["mac=", ""])
def test_signature_of_the_documented_example_is_right(front: str, digest: str) -> None:
    assert len(BODY) == 284
    assert signed(BODY, front + digest)


@pytest.mark.parametrize("place", range(0, 284, 7))
def test_body_with_one_changed_bit_is_not_signed(place: int) -> None:
    changed = bytearray(BODY)
    changed[place] ^= 1
    assert not signed(bytes(changed), BY_APP)


def test_body_written_anew_is_not_signed() -> None:
    assert not signed(json.dumps(json.loads(BODY)).encode(), BY_APP)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "mac=",
        BY_APP[:-1],
        f"{BY_APP}0",
        f"mac=mac={BY_APP}",
        "x" * 64,
        "bí mật",
        hashlib.sha256(BODY).hexdigest(),
    ],
)
def test_other_headers_do_not_sign(header: str) -> None:
    assert not signed(BODY, header)


def test_another_secret_does_not_sign() -> None:
    assert not signed(BODY, BY_APP, secret="OaSecretKey-test-02")


def test_an_id_that_was_not_chosen_does_not_sign() -> None:
    assert not is_signed(BODY, BY_OA, fronts=(APP_ID,), secret=SECRET, timestamp=TIMESTAMP)
    assert not is_signed(BODY, BY_APP, fronts=(OA_ID,), secret=SECRET, timestamp=TIMESTAMP)
