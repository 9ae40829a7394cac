"""People and how they sign in: one door (allauth), e-mail code, passkey, TOTP, recovery codes. No roles: those are in `cities`."""
