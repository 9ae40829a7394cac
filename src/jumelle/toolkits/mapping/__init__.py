"""
The mapping: which item of one toolkit says the same as, a part of, more than, or something near to an item of another.

    model    `ToolkitMapping`: its head, its rows, and the items that have no counterpart, with the reason
    read     from `mapping.yaml` to a mapping, or to everything that is wrong with the file
    check    what must be true between a mapping and the two packages that it names

What comes with Jumelle is looked up in `toolkits/mappings.py`; what follows from a row for an answer is in `toolkits/suggest.py`.
The format is told in docs/reference/mapping-format.md.
"""
