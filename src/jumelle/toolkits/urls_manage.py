"""Toolkits of an association, mounted at `a/<association>/toolkits/`."""

from django.urls import path, register_converter

from jumelle.toolkits.converters import VersionConverter
from jumelle.toolkits.views import manage

register_converter(VersionConverter, "semver")

app_name = "toolkits_manage"

urlpatterns = [
    path("", manage.toolkit_list, name="list"),
    path("upload/", manage.toolkit_upload, name="upload"),
    path("blank/", manage.blank_workbook, name="blank"),
    path("<slug:toolkit>/<semver:version>/", manage.version_preview, name="preview"),
    path("<slug:toolkit>/<semver:version>/publish/", manage.version_publish, name="publish"),
    path("<slug:toolkit>/<semver:version>/withdraw/", manage.version_withdraw, name="withdraw"),
]
