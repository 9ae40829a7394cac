"""
Answering without a connection: a workbook that is written, filled in, and read back.

`write` makes it, `read` understands what comes back and says row by row what is wrong, `preview` compares it with what is
stored. Nothing here saves anything: `operations.import_offline` does, under the same rules as a page.
"""
