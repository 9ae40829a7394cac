"""Writes: plans and lines, versions and approval, follow-up. One function per thing that a person does."""
