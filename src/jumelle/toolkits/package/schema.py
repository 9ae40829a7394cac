"""The JSON Schema of a package, for editors and for programs that write packages."""

from functools import cache
from typing import Any

from jumelle.toolkits.package.model import Package


@cache
def json_schema() -> dict[str, Any]:
    """
    Return the schema (draft 2020-12) of a whole package: one key per sheet.

    `$defs` holds the schema of each record, which is what a file of the YAML form holds in a list. Rules between rows
    (codes used once, references that lead somewhere, complete languages) are beyond a schema: loading checks them.
    """
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Jumelle toolkit package",
        **{key: value for key, value in Package.model_json_schema(by_alias=True).items() if key != "title"},
    }
