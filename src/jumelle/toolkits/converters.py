"""Parts of addresses, registered when this is imported: `semver` and `code`, as authors type them."""

from django.urls import register_converter

from jumelle.toolkits.package.fields import CODE_PATTERN, VERSION_PATTERN


class VersionConverter:
    regex = VERSION_PATTERN.strip("^$")

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(VersionConverter):
    regex = CODE_PATTERN.strip("^$")


register_converter(VersionConverter, "semver")
register_converter(CodeConverter, "code")
