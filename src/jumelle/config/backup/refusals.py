"""Why a backup is not made or not taken back. Each message says what is wrong and what to do."""


class BackupRefused(Exception):
    """The backup cannot be made or restored; nothing live was changed."""


class Damaged(BackupRefused):
    """Not what was written: changed, cut off, or never a backup."""

    def __init__(self, what: str) -> None:
        super().__init__(f"This backup is damaged: {what}. Nothing was changed. Take another backup, or fetch this one again.")


class WrongKey(BackupRefused):
    """The backup, or the personal fields in it, need a key that is not configured here."""


class NotForThisInstallation(BackupRefused):
    """Whole, but made by a newer version, or for another kind of database."""


class InUse(BackupRefused):
    """A server or worker still has the database open."""
