"""
Disclosure: what may be shown of a few people, so that nobody learns from a figure what one person said or is.

`grouping` merges groups of people that are too small to be shown; `counts` and `table` withhold small figures, and as
many others as it takes to keep them from being worked out; `exposure` asks what can be worked out; `thresholds` are the
numbers.
Frozen data in, frozen data out: no database, no clock, no language. The rules are told in
`docs/explanation/divergence-and-small-groups.md`.
"""
