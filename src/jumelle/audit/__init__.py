"""
The journal: who did what, when, to which object, and why. Rows are only ever added, and each chain (one per city) is sealed by HMAC.

Below every domain that holds people; it knows chains and ids as plain text, never a person's name or address.
"""
