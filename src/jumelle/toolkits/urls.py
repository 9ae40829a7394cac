"""Public reading pages, mounted at `guides/` under the language."""

from django.urls import path

from jumelle.toolkits import converters  # noqa: F401  (registers semver and code)
from jumelle.toolkits.views import downloads, public

app_name = "toolkits"

urlpatterns = [
    path("", public.toolkit_list, name="list"),
    path("package.schema.json", downloads.schema, name="schema"),
    path("<slug:toolkit>/", public.toolkit_latest, name="toolkit"),
    path("<slug:toolkit>/search/", public.toolkit_search, name="search"),
    path("<slug:toolkit>/<semver:version>/", public.version_contents, name="version"),
    path("<slug:toolkit>/<semver:version>/print/", public.version_print, name="print"),
    path("<slug:toolkit>/<semver:version>/glossary/", public.version_glossary, name="glossary"),
    path("<slug:toolkit>/<semver:version>/workbook/", downloads.workbook, name="workbook"),
    path("<slug:toolkit>/<semver:version>/folder/", downloads.folder, name="folder"),
    path("<slug:toolkit>/<semver:version>/i/<code:code>/", public.item_redirect, name="item"),
    path("<slug:toolkit>/<semver:version>/<code:code>/", public.section_read, name="section"),
]
