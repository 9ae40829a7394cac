"""
Scoring: from what was answered to counts, the source's own verdict, and a share that is ours and says so.

`tally` counts; `verdict` repeats the three-band conclusion of a checklist; `share` is the only percentage: ours, and
silent when too little is known; `findings` sorts items into strengths and gaps; `grid` says where a practice
is exemplary; `movement` compares how high items stand over time or on several sides.
Frozen data in, frozen data out: no database, no clock, no language. The rules are told in `docs/explanation/scores.md`.
"""
