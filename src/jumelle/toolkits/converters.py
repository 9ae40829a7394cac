"""Parts of addresses: a semantic version, and a code as authors type it."""

from jumelle.toolkits.package.fields import CODE_PATTERN, VERSION_PATTERN


class VersionConverter:
    regex = VERSION_PATTERN.strip("^$")

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class CodeConverter(VersionConverter):
    regex = CODE_PATTERN.strip("^$")
