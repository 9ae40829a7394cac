"""The public face: the start page and what every visitor may read. No account, no cookie."""
