# ruff: noqa: E501  (a table: one case on a line)
"""A small sound mapping, and malformed ones of every sort with the sentence that each must be refused with."""

from dataclasses import dataclass

from jumelle.toolkits.package.model import Package
from jumelle.toolkits.tests.factories import make_package, sheets

SMALL = make_package()
OTHER = make_package(
    package__id="other-toolkit",
    package__version="2.0.0",
    items=[*sheets()["items"], {**sheets()["items"][0], "code": "A.OLD", "replaced_by": "A.Q1"}],
)


def package_of(toolkit: str, version: str) -> Package | None:
    return {(package.id, package.version): package for package in (SMALL, OTHER)}.get((toolkit, version))


GOOD = """\
id: small-to-other
version: "1.0.0"
title: {fr: "De l’une à l’autre", en: "From one to the other"}
summary: {fr: "Pour essayer.", en: "For trying out."}
publisher: Jumelle
licence: CC-BY-4.0
attribution: {fr: "D’après personne.", en: "After nobody."}
languages:
- {code: fr, state: original}
- {code: en, state: reviewed}
- {code: de, state: draft}
from:
  toolkit: small-toolkit
  version: "1.0.0"
  sections: [A, A1]
to:
  toolkit: other-toolkit
  version: "2.0.0"
  sections: [A]
rows:
- from: A.Q1
  to: A.Q1
  relation: equal
  why: {fr: "Même question.", en: "Same question."}
- from: A.Q1
  to: A.Q2
  relation: overlaps
  why: {fr: "Presque.", en: "Nearly."}
- from: A1.Q1
  to: A
  relation: part_of
  why: {fr: "Un bout du thème.", en: "A bit of the theme."}
unmapped:
- code: A.Q2
  why: {fr: "Rien de semblable.", en: "Nothing like it."}
"""


@dataclass(frozen=True)
class Bad:
    """
    old, new: what is replaced in the good file, and by what; old is the whole file where it is "".
    place: list or side, row, column of the problem.
    line: of the problem.
    """

    id: str
    old: str
    new: str | bytes
    place: tuple[str, int | None, str]
    line: int | None
    sentence: str

    @property
    def content(self) -> bytes:
        if isinstance(self.new, bytes):
            return self.new
        assert GOOD.count(self.old) == 1 or not self.old, self.id
        return (GOOD.replace(self.old, self.new) if self.old else self.new).encode()


CHOICES = "id, version, title, summary, publisher, licence, attribution, languages, from, to, rows, unmapped"
NO_YES = "says that a yes to one is a yes to the other, but one of the two has no yes. Write part_of or overlaps."
ROW_3 = GOOD[GOOD.index("- from: A1.Q1") : GOOD.index("unmapped:")]
UNMAPPED = GOOD[GOOD.index("- code: A.Q2") :]

CASES = [
    # --- the file
    Bad("yaml-broken", "id: small-to-other", "id: [small", ("", None, ""), 2,
        "This is not valid YAML: did not find expected ',' or ']'. Indent with spaces, and put texts with “: ” or “#” in quotes."),
    Bad("yaml-a-list", "", "- id: x\n", ("", None, ""), None, "This file holds one record: key: value on each line, without a list."),
    Bad("yaml-empty", "", "", ("", None, ""), None, "This file holds one record: key: value on each line, without a list."),
    Bad("yaml-two-documents", "unmapped:", "---\nunmapped:", ("", None, ""), 33, "“---” starts a second document. Keep one per file."),
    Bad("yaml-anchor", "publisher: Jumelle", "publisher: &a Jumelle", ("", None, ""), 5,
        "“&name” marks a value for repetition. Packages hold plain values only: delete the mark."),
    Bad("yaml-not-utf8", "", "id: é\n".encode("latin-1"), ("", None, ""), 1, "The file is not in UTF-8 here. Save it again as UTF-8."),
    Bad("yaml-byte-order-mark", "", b"\xef\xbb\xbfid: x\n", ("", None, ""), None,
        "The file starts with a byte-order mark. Save it as UTF-8 without one (“UTF-8”, not “UTF-8 BOM”)."),
    Bad("yaml-key-twice", "licence: CC-BY-4.0", "licence: CC-BY-4.0\nlicence: MIT", ("", None, "licence"), 7, "licence stands twice in this record. Keep one."),
    # --- the head
    Bad("key-unknown", "publisher:", "editor: x\npublisher:", ("", None, "editor"), 5, f"There is no key of this name here. Delete it, or write one of: {CHOICES}."),
    Bad("licence-missing", "licence: CC-BY-4.0", "licence: ''", ("", None, "licence"), 6, "This must be filled in."),
    Bad("attribution-missing-in-a-language", ', en: "After nobody."', "", ("", None, "attribution::en"), 7,
        "The text in en is missing. Write it, or give this language the state draft."),
    Bad("id-with-spaces", "id: small-to-other", "id: Small to other", ("", None, "id"), 1,
        "“Small to other” is not a name of this kind. Use lower-case words joined by hyphens."),
    Bad("version-a-number", 'version: "1.0.0"\ntitle', "version: 1.0\ntitle", ("", None, "version"), 2,
        "1.0 is a number: 5.40 would become 5.4. Format the cell as text and type it again; in YAML, quote it."),
    Bad("title-without-language", 'title: {fr: "De l’une à l’autre", en: "From one to the other"}', "title: Of one", ("", None, "title"), 3,
        "Write this text once per language: text::fr, text::en in a spreadsheet; fr: and en: beneath it in YAML."),
    Bad("language-twice", "{code: de, state: draft}", "{code: fr, state: draft}", ("languages", 3, "code"), 11, "This language stands here twice. Keep one row."),
    Bad("language-tag-wrong", "code: de", "code: german", ("languages", 3, "code"), 11, "“german” is not a language tag. Write it as in BCP 47: fr, en, pt-BR."),
    Bad("no-original-language", "state: original", "state: reviewed", ("languages", None, ""), 9,
        "No language has the state original. Give it to the language that the texts were written in."),
    # --- the sides
    Bad("toolkit-unknown", "toolkit: small-toolkit", "toolkit: smal-toolkit", ("from", None, "toolkit"), 13,
        "There is no version 1.0.0 of a toolkit smal-toolkit here. Correct the id or the version."),
    Bad("version-unknown", 'version: "2.0.0"', 'version: "2.1.0"', ("to", None, "toolkit"), 17,
        "There is no version 2.1.0 of a toolkit other-toolkit here. Correct the id or the version."),
    Bad("side-not-a-record", 'from:\n  toolkit: small-toolkit\n  version: "1.0.0"\n  sections: [A, A1]', "from: small-toolkit", ("from", None, ""), 12,
        "A record was expected here: one “key: value” on each line."),
    Bad("side-key-unknown", "  sections: [A, A1]", "  section: A", ("from", None, "section"), 15,
        "There is no key of this name here. Delete it, or write one of: toolkit, version, sections."),
    Bad("section-unknown", "sections: [A, A1]", "sections: [A, A1, B]", ("from", None, "sections"), 15,
        "small-toolkit 1.0.0 has no section with the code B. Correct the code, or delete it here."),
    # --- rows
    Bad("from-unknown", "- from: A1.Q1", "- from: A1.Q9", ("rows", 3, "from"), 29,
        "small-toolkit 1.0.0 has no item or section with the code A1.Q9. Correct the code, or delete the row."),
    Bad("to-unknown", "to: A.Q2", "to: A.Q9", ("rows", 2, "to"), 26,
        "other-toolkit 2.0.0 has no item or section with the code A.Q9. Correct the code, or delete the row."),
    Bad("to-support-not-item", "to: A.Q2", "to: A.T1", ("rows", 2, "to"), 26,
        "other-toolkit 2.0.0 has no item or section with the code A.T1. Correct the code, or delete the row."),
    Bad("to-no-longer-asked", "to: A.Q2", "to: A.OLD", ("rows", 2, "to"), 26, "A.OLD is no longer asked: A.Q1 has taken its place. Map that item."),
    Bad("to-outside-the-sections", "to: A.Q2", "to: A1.Q1", ("rows", 2, "to"), 26,
        "A1.Q1 stands in the section A1, which this mapping is not about. Add the section, or delete the row."),
    Bad("code-small-letters", "to: A.Q2", "to: a.q2", ("rows", 2, "to"), 26,
        "“a.q2” is not a code. Use capitals and digits, parts joined by full stops: KF8.Q2 (up to 40)."),
    Bad("relation-unknown", "relation: equal", "relation: same", ("rows", 1, "relation"), 23, "“same” is not known here. Write one of: equal, part_of, wider, overlaps."),
    Bad("relation-missing", "  relation: equal\n", "", ("rows", 1, "relation"), 21, "This must be filled in."),
    Bad("relation-equal-with-an-open-question", "relation: overlaps", "relation: equal", ("rows", 2, "relation"), 27, f"“equal” {NO_YES}"),
    Bad("relation-wider-with-a-theme", "relation: part_of", "relation: wider", ("rows", 3, "relation"), 31, f"“wider” {NO_YES}"),
    Bad("pair-twice", "to: A.Q2", "to: A.Q1", ("rows", 2, "to"), 26, "The pair A.Q1 and A.Q1 stands in row 1 already. Keep one of the two rows."),
    Bad("why-missing", '  why: {fr: "Presque.", en: "Nearly."}\n', "", ("rows", 2, "why"), 25, "This must be filled in."),
    Bad("why-empty", '{fr: "Presque.", en: "Nearly."}', "{}", ("rows", 2, "why::fr"), 28,
        "The text in fr is missing. Write it, or give this language the state draft."),
    Bad("why-missing-in-english", ', en: "Nearly."', "", ("rows", 2, "why::en"), 28, "The text in en is missing. Write it, or give this language the state draft."),
    Bad("why-blank-in-english", 'en: "Nearly."', 'en: "  "', ("rows", 2, "why::en"), 28, "The text in en is missing. Write it, or give this language the state draft."),
    Bad("why-in-another-language", 'en: "Nearly."', 'en: "Nearly.", nl: "Bijna."', ("rows", 2, "why::nl"), 28,
        "The language nl is not in the list languages. Add it there, or delete this text."),
    Bad("why-with-a-tab", 'en: "Nearly."', 'en: "Near\\tly."', ("rows", 2, "why::en"), 28,
        "An invisible character (U+0009) stands after “Near”. Delete it; use a space, not a tab."),
    Bad("row-not-a-record", ROW_3, "- A1.Q1 to A\n", ("rows", 3, ""), 29, "A record was expected here: one “key: value” on each line."),
    Bad("row-key-unknown", "relation: overlaps", "relation: overlaps\n  strength: 5", ("rows", 2, "strength"), 28,
        "There is no key of this name here. Delete it, or write one of: from, to, relation, why."),
    Bad("rows-a-record", "rows:\n", "rows:\n  code: A\nunused:\n", ("rows", None, ""), 21, "A list was expected here: each of its records starts with “- ”."),
    Bad("rows-empty", GOOD[GOOD.index("rows:") : GOOD.index("unmapped:")], "rows: []\n", ("rows", None, ""), 20,
        "A mapping needs at least one row. Write what is to what, and why."),
    # --- unmapped
    Bad("item-said-nowhere", f"unmapped:\n{UNMAPPED}", "", ("unmapped", None, ""), 1,
        "A.Q2 stands neither in rows nor in unmapped. Give it a row, or say there why it has none."),
    Bad("unmapped-unknown", "- code: A.Q2", "- code: A.Q9", ("unmapped", 1, "code"), 34,
        "small-toolkit 1.0.0 has no item or section with the code A.Q9. Correct the code, or delete the row."),
    Bad("unmapped-and-mapped", "- code: A.Q2", "- code: A.Q1", ("unmapped", 1, "code"), 34,
        "A.Q1 has a row, so it is not without a counterpart. Delete it here, or delete its rows."),
    Bad("unmapped-twice", UNMAPPED, UNMAPPED * 2, ("unmapped", 2, "code"), 36, "A.Q2 stands twice in this list. Keep it once."),
    Bad("unmapped-without-reason", '  why: {fr: "Rien de semblable.", en: "Nothing like it."}\n', "", ("unmapped", 1, "why"), 34, "This must be filled in."),
]  # fmt: skip
