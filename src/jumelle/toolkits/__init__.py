"""
Toolkits: benchmarks, checklists, evaluation grids and forms that are reviewed data, not code.

`package/` is the format (YAML folder, XLSX workbook, checks); `models.py` keeps published versions, which never change.
`mapping/` ties items of two toolkits to each other; `suggest.py` says what one answer suggests for another.
A code (`KF8.Q2`) names the same thing in every version, and is what assessments, plans and reports point to.
Below: cities (an association may own toolkits), audit. Above: assessments, publishing, action plans.
"""
