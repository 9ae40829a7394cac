from jumelle.toolkits.package.versions import sort_key

IN_ORDER = [
    "0.9.0",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-rc.2",
    "1.0.0-rc.11",
    "1.0.0",
    "1.0.1",
    "1.9.0",
    "1.10.0",
    "2.0.0",
]


def test_sort_key_sorts_as_semantic_versions_do():
    mixed = [*IN_ORDER[::2], *reversed(IN_ORDER[1::2])]

    assert sorted(mixed, key=sort_key) == IN_ORDER
