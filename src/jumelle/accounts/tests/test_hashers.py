"""Passwords are not asked for; whatever is hashed all the same is hashed so that a small server survives a flood."""

import subprocess
import sys

from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher

from jumelle.accounts.hashers import SmallArgon2


def test_hash_is_argon2id_at_the_size_that_owasp_names():
    encoded = SmallArgon2().encode("correct horse battery staple", "somesaltsomesalt")

    assert encoded.startswith("argon2$argon2id$v=19$m=19456,t=4,p=1$")


def test_hash_knows_its_word_and_no_other():
    hasher = SmallArgon2()
    encoded = hasher.encode("correct horse battery staple", hasher.salt())

    assert hasher.verify("correct horse battery staple", encoded)
    assert not hasher.verify("correct horse battery stapler", encoded)


def test_hash_of_another_size_is_made_anew_at_the_next_sign_in():
    class Smaller(SmallArgon2):
        memory_cost = 8 * 1024

    assert SmallArgon2().must_update(Smaller().encode("a", "somesaltsomesalt"))
    assert not SmallArgon2().must_update(SmallArgon2().encode("a", SmallArgon2().salt()))
    assert PBKDF2PasswordHasher.algorithm != SmallArgon2.algorithm


def test_ten_sign_ins_at_once_add_less_than_300_megabytes():
    script = settings.PROJECT_DIR / "benchmarks" / "sign_in_memory.py"

    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].endswith("kept") or "NOT RUN" in done.stdout
