"""
Lines of a plan from a workbook: read, compared with what is stored, shown, and only then taken.

`cells` understands one cell, `read` the whole workbook and says row by row what is wrong, `preview` compares. Nothing here saves
anything: `operations.importing` does, under the same rules as a page. The form of the workbook is in `workbook_columns`.
"""
