"""
The action plan in the six columns of the mentoring guide: lines, measures of success, versions, approval, follow-up.

A line remembers where it was born: the gap, the practice, the visit. It works with or without a mentoring programme.
Below: assessments, toolkits, cities. Above: publishing (documents), portal (the public page), monitoring.
"""
