"""A published toolkit as files, and the schema of the files."""

import io
import json
import zipfile

from django.http import HttpRequest, HttpResponse

from jumelle.toolkits import queries
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.package.schema import json_schema
from jumelle.toolkits.package.workbook import write_workbook
from jumelle.toolkits.package.yaml_folder import write_files
from jumelle.toolkits.views.reading import published_or_404

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP_DATE = (2020, 1, 1, 0, 0, 0)  # one date for all, so that the same version gives the same bytes


def workbook(request: HttpRequest, toolkit: str, version: str) -> HttpResponse:
    found = published_or_404(toolkit, version)
    return attachment(write_workbook(queries.package_of(found)), XLSX, f"{toolkit}-{version}.xlsx")


def folder(request: HttpRequest, toolkit: str, version: str) -> HttpResponse:
    found = published_or_404(toolkit, version)
    return attachment(zip_of(found), "application/zip", f"{toolkit}-{version}.zip")


def schema(request: HttpRequest) -> HttpResponse:
    text = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    return HttpResponse(text, content_type="application/schema+json")


def attachment(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def zip_of(version: ToolkitVersion) -> bytes:
    package = queries.package_of(version)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in write_files(package).items():
            entry = zipfile.ZipInfo(f"{package.id}/{package.version}/{name}", ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return target.getvalue()
