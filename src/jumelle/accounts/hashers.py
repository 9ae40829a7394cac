from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2(Argon2PasswordHasher):
    """
    Argon2id at 19 MiB, four passes, one lane: ten people signing in at once cost under 300 MB.

    Django's default takes 100 MiB each, which a small server does not survive in a flood of sign-ins.
    Source: OWASP Password Storage Cheat Sheet, minimum for Argon2id (19 MiB, two passes).
    """

    time_cost = 4
    memory_cost = 19 * 1024
    parallelism = 1
