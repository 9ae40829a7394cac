"""
The sealed envelope of a backup: AES-256-GCM in chunks of one mebibyte.

    header   magic, fingerprint of the key (8 bytes), salt (16 bytes)
    chunks   ciphertext and tag; the nonce holds the chunk's number and whether it is the last

The key of a file is drawn from the backup key and the salt, so that nonces never repeat; the header is authenticated with every chunk.
A chunk that is changed, moved, doubled or missing, at the end too, does not open.
"""

import base64
import binascii
import hashlib
import io
import os
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from jumelle.config.backup.refusals import Damaged, WrongKey

MAGIC = b"JUMELLE-BACKUP-1\n"
FINGERPRINT_SIZE, SALT_SIZE, TAG_SIZE = 8, 16, 16
HEADER_SIZE = len(MAGIC) + FINGERPRINT_SIZE + SALT_SIZE
CHUNK_SIZE = 1024 * 1024
KEY_VARIABLE = "JUMELLE_BACKUP_KEY"


def read_key(text: str) -> bytes:
    """
    Raises:
        WrongKey: the text is not 32 bytes in base64.
    """
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != 32:
        raise WrongKey(f"{KEY_VARIABLE} must be 32 random bytes in base64, such as `openssl rand -base64 32` prints.")
    return key


def key_from_environment() -> bytes | None:
    """The key of backups, which stands apart from the settings of the server; None where there is none."""
    text = os.environ.get("JUMELLE_BACKUP_KEY", "")
    return read_key(text) if text else None


def fingerprint(key: bytes) -> bytes:
    """Tells two keys apart without telling anything about them: a key has 256 random bits, nobody can try them all."""
    return hashlib.sha256(b"jumelle backup key " + key).digest()[:FINGERPRINT_SIZE]


def is_sealed(start: bytes) -> bool:
    return start.startswith(MAGIC)


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"jumelle backup file").derive(key))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealingWriter(io.RawIOBase):
    """Encrypts what is written into it; `close` seals the end but leaves the target open."""

    def __init__(self, target: BinaryIO, key: bytes) -> None:
        salt = os.urandom(SALT_SIZE)
        self._target, self._cipher = target, _cipher(key, salt)
        self._header = MAGIC + fingerprint(key) + salt
        self._waiting, self._number = bytearray(), 0
        target.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        view = memoryview(data)
        self._waiting += view
        while len(self._waiting) > CHUNK_SIZE:
            self._seal(bytes(self._waiting[:CHUNK_SIZE]), is_last=False)
            del self._waiting[:CHUNK_SIZE]
        return view.nbytes

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self._waiting), is_last=True)
            super().close()

    def _seal(self, plain: bytes, is_last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, is_last), plain, self._header))
        self._number += 1


class OpeningReader(io.RawIOBase):
    """
    Decrypts what it reads; gives nothing out that was not authenticated.

    Raises:
        WrongKey: the file was sealed with another key.
        Damaged: on reading, when a chunk does not open.
    """

    def __init__(self, source: BinaryIO, key: bytes) -> None:
        self._header = source.read(HEADER_SIZE)
        if len(self._header) < HEADER_SIZE or not is_sealed(self._header):
            raise Damaged("it is cut off at the beginning")
        made_with = self._header[len(MAGIC) : len(MAGIC) + FINGERPRINT_SIZE]
        if made_with != fingerprint(key):
            raise WrongKey(
                f"This backup needs the key with the fingerprint {made_with.hex()}; {KEY_VARIABLE} has the fingerprint "
                f"{fingerprint(key).hex()}. Nothing was changed. Set {KEY_VARIABLE} to the key that was used for this backup."
            )
        self._source, self._cipher = source, _cipher(key, self._header[-SALT_SIZE:])
        self._next, self._number, self._plain = source.read(CHUNK_SIZE + TAG_SIZE), 0, memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        if not self._next and self._number == 0:
            raise Damaged("it ends after its first line")
        while not self._plain and self._next:
            self._plain = memoryview(self._open())
        count = min(len(view), len(self._plain))
        view[:count] = self._plain[:count]
        self._plain = self._plain[count:]
        return count

    def _open(self) -> bytes:
        chunk, self._next = self._next, self._source.read(CHUNK_SIZE + TAG_SIZE)
        try:
            plain = self._cipher.decrypt(_nonce(self._number, is_last=not self._next), chunk, self._header)
        except (InvalidTag, ValueError) as error:
            raise Damaged(f"part {self._number + 1} was changed, or the end is missing") from error
        self._number += 1
        return plain
