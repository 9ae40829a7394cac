"""
Consensus: where the people who answered the same items alone do not agree.

`replies` holds what was said and counts it, also by group; `divergence` measures how far people are apart on an item and
puts first what is most worth discussing. No mean is computed: a mean hides what this engine is here to show.
Frozen data in, frozen data out: no database, no clock, no language. The rules are told in
`docs/explanation/divergence-and-small-groups.md`.
"""
