"""Signed-in screens that cross domains: where one works, the city's home, its people, its journal, the association, the operator."""
