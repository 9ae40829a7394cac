"""Toolkits of an association, mounted at `a/<association>/toolkits/`."""

from django.urls import path

from jumelle.toolkits import converters  # noqa: F401  (registers semver and code)
from jumelle.toolkits.views import manage

app_name = "toolkits_manage"

urlpatterns = [
    path("", manage.toolkit_list, name="list"),
    path("upload/", manage.toolkit_upload, name="upload"),
    path("blank/", manage.blank_workbook, name="blank"),
    path("<slug:toolkit>/<semver:version>/", manage.version_preview, name="preview"),
    path("<slug:toolkit>/<semver:version>/publish/", manage.version_publish, name="publish"),
    path("<slug:toolkit>/<semver:version>/withdraw/", manage.version_withdraw, name="withdraw"),
]
