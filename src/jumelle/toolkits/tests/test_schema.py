import json
import re

from jumelle.toolkits.package.columns import columns_of
from jumelle.toolkits.package.schema import json_schema
from jumelle.toolkits.package.sheets import SHEETS


def test_schema_names_every_sheet_and_column():
    schema = json_schema()

    assert set(schema["properties"]) == set(SHEETS)
    for sheet, model in SHEETS.items():
        record = schema["$defs"][model.__name__]
        assert set(record["properties"]) == {column.name for column in columns_of(sheet)}
        assert set(record["required"]) == {column.name for column in columns_of(sheet) if column.required}
        assert record["additionalProperties"] is False


def test_schema_carries_patterns_and_is_plain_json():
    item = json_schema()["$defs"]["Item"]

    assert re.match(item["properties"]["code"]["pattern"], "KF8.Q2")
    assert json.loads(json.dumps(json_schema())) == json_schema()
