"""Base templates, components, CSS, form widgets, encryption, triggers, charts. No word of any domain in it."""
