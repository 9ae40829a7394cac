"""
The toolkit package: what it holds, how it is written down, what is refused.

    problems       what is wrong, where, and what to do; `PackageRefused` carries all of it at once
    fields         the kinds of value (code, text, tag, version, …) with their rules
    sheets         one frozen model per sheet: section, item, level, support, …
    model          `Package`: all sheets, with the questions that screens ask of them
    columns        which columns a sheet has, read off the models; both written forms and the manual use it
    build, check   from raw records to a package, or to the list of everything that is wrong
    yaml_folder, plain_yaml   the YAML form
    workbook, workbook_read, workbook_cells   the XLSX form     archive   safe unpacking
    upgrade        how answers to an older version carry over: `plan_upgrade`
    chains, links, comparison, wording    the versions between, the rules, what differs, word by word
    offers, overlap   what may be decided for an answer; what two versions have in common
    reading        opens a folder, a ZIP or a workbook without being told which
    schema         the JSON Schema     search   words inside a package

Plain Python and pydantic; from Django it takes the translation of its messages only.
"""
