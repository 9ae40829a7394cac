from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jumelle.toolkits.package.archive import MAX_UPLOAD_BYTES
from jumelle.toolkits.package.problems import PackageRefused, Problem
from jumelle.toolkits.package.reading import read_bytes


class UploadForm(forms.Form):
    """
    Reads and checks the package itself: a form that is not valid has `problems`, with their places.

    After `is_valid()`, `cleaned_data["package"]` is the package.
    """

    file = forms.FileField(
        label=_("Package"),
        help_text=_("An XLSX workbook, or a ZIP of the YAML files of one version. At most 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.zip"}),
        allow_empty_file=True,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.problems: tuple[Problem, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if file is None:
            return cleaned
        if file.size > MAX_UPLOAD_BYTES:
            self.add_error("file", _("The file is larger than 10 MB. A package holds texts only: remove pictures."))
            return cleaned
        try:
            cleaned["package"] = read_bytes(file.read())
        except PackageRefused as refusal:
            self.refuse(refusal.problems)
        return cleaned

    def refuse(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        self.add_error("file", _("The package was not loaded. The table below says what to mend, and where."))


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why do you withdraw this version?"),
        help_text=_("The reason is kept in the journal. Do not name persons."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
