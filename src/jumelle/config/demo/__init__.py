"""The demonstration network: invented cities and people, so that every screen has something true to look at."""
