"""
Backup and restore of an installation: database and uploads in one file, checked to the last byte before anything live is touched.

    cipher      the sealed envelope: AES-256-GCM in chunks, with order and end authenticated
    archive     the tar.gz inside it: manifest first, then the files in the manifest's order, then a checksum of all before
    manifest    what a backup says about itself, and whether this installation can take it
    database    a consistent copy of SQLite or PostgreSQL, and the way back
    operations  make, verify, restore

Keys never stand in a backup: the manifest names the keys that are needed, with fingerprints.
"""
