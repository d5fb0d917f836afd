"""What is derived from the one secret key: blind indexes and sealed text."""

import base64
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

_NONCE = 12


class Keys:
    """Keys of one deployment. Purposes keep them apart: a value of one purpose says nothing about another."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: at least 32 random bytes. Raises ValueError for fewer."""
        if len(secret) < 32:
            raise ValueError("the secret key needs at least 32 bytes")
        self._secret = secret
        self._derived: dict[str, bytes] = {}
        self._blinders: dict[str, hmac.HMAC] = {}

    def blind(self, purpose: str, text: str) -> str:
        """A fixed fingerprint of `text`, by which it is found again but not read (HMAC-SHA-256, hex)."""
        fingerprint = self._blinding(purpose).copy()
        fingerprint.update(text.encode())
        return fingerprint.hexdigest()

    def seal(self, purpose: str, text: str) -> str:
        """`text` encrypted (AES-256-GCM); opens only under the same purpose."""
        nonce = os.urandom(_NONCE)
        box = AESGCM(self._derive(f"seal:{purpose}")).encrypt(nonce, text.encode(), purpose.encode())
        return base64.urlsafe_b64encode(nonce + box).decode()

    def open(self, purpose: str, sealed: str) -> str:
        """The text behind `seal`. Raises ValueError when it was changed or sealed with another key."""
        raw = base64.urlsafe_b64decode(sealed)
        cipher = AESGCM(self._derive(f"seal:{purpose}"))
        try:
            return cipher.decrypt(raw[:_NONCE], raw[_NONCE:], purpose.encode()).decode()
        except InvalidTag as error:
            raise ValueError("sealed with another key") from error

    def _blinding(self, purpose: str) -> hmac.HMAC:
        """To be copied: setting one up takes longer than using it, and every message does."""
        if purpose not in self._blinders:
            self._blinders[purpose] = hmac.new(self._derive(f"blind:{purpose}"), digestmod=hashlib.sha256)
        return self._blinders[purpose]

    def _derive(self, purpose: str) -> bytes:
        if purpose not in self._derived:
            self._derived[purpose] = HKDFExpand(hashes.SHA256(), 32, purpose.encode()).derive(self._secret)
        return self._derived[purpose]
