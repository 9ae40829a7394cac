"""Assessments that were never stored, with notes in several scripts: for looking at documents, and for testing them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import cycle

from django.conf import settings

from jumelle.assessments.enums import EvidenceAudience, EvidenceKind
from jumelle.assessments.models import Answer, Assessment, ChosenFactor, Evidence
from jumelle.assessments.queries.results import results_with
from jumelle.assessments.queries.sheet import sheet_with
from jumelle.assessments.queries.summary import Summary, summary_with
from jumelle.cities.enums import OrganisationType
from jumelle.cities.models import City
from jumelle.publishing.summary_document import document_of
from jumelle.publishing.summary_parts import Document
from jumelle.toolkits.package.model import Package
from jumelle.toolkits.package.yaml_folder import read_folder

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ADDRESS = "https://jumelle.example.org/fr/w/sonnebourg/assessments/6f1d9c1e-0000-4000-8000-000000000000/summary/"

NOTES = {
    "fr": "Le service « Vie sociale » tient la liste à jour deux fois par an ; 12 partenaires y répondent (voir UT1.C03).",
    "en": "The social service updates the list twice a year; 12 partners reply (see UT1.C03).\n\nThe next round is in May.",
    "ar": "تُحدِّث البلدية القائمة مرتين في السنة، ويجيب 12 شريكًا (انظر UT1.C03 و KF8.Q2). النسبة 75 % في عام 2025.",
    "ti": "እታ ምምሕዳር ነቲ ዝርዝር ኣብ ዓመት ክልተ ግዜ ተሐድሶ፤ 12 መሻርኽቲ ይምልሱ (UT1.C03 ርአ)። ዝቕጽል ኣብ ግንቦት 2026 እዩ።",
    "uk": "Міська служба оновлює список двічі на рік; відповідають 12 партнерів (див. UT1.C03). Наступний раз — у травні.",
    "mixed": "Maison de l’immersion (CAMIM) : مركز اللغة، شارع 14، ساعات 9:00–12:30, then again in the evening.",
}


def package_at(name: str) -> Package:
    """Read one of the packages that are shipped: "refugee-inclusion/1.0.0"."""
    return read_folder(settings.CONTENT_DIR / "toolkits" / name)


def sample_summary(
    language: str,
    package: Package,
    *,
    notes: Sequence[str] = tuple(NOTES.values()),
    every: int = 4,
    answered: bool = True,
) -> Summary:
    """
    Args:
        notes: taken in turn; every: one item of so many has a note.
        answered: False for an assessment that was only just started.
    """
    city = City(name="Sonnebourg", slug="sonnebourg", country="BE", languages=["fr", "ar", "ti", "uk", "en"])
    assessment = Assessment(
        city=city,
        subject="city",
        subject_name="Ville de Sonnebourg",
        organisation_type=OrganisationType.LOCAL_AUTHORITY,
        themes=[section.code for section in package.top_sections()][: -1 if package.id == "refugee-inclusion" else None],
        period_start_on=date(2025, 9, 1),
        period_end_on=date(2026, 2, 28),
        started_at=NOW,
    )
    answers = sample_answers(assessment, package, notes, every) if answered else {}
    sheet = sheet_with(assessment, package, answers)
    chosen = {
        section.code: ChosenFactor(section_code=section.code, reason=notes[0], chosen_at=NOW)
        for section in package.top_sections()[1:8:3]
        if answered
    }
    evidence = sample_evidence(answers, notes)
    return summary_with(results_with(sheet, chosen), evidence, city=city, language=language)


def sample_answers(assessment: Assessment, package: Package, notes: Sequence[str], every: int) -> dict[str, Answer]:
    texts = cycle(notes)
    answers: dict[str, Answer] = {}
    for place, item in enumerate(package.items):
        if place % 11 == 10 or item.answer == "none":
            continue  # left unanswered
        levels = package.scale(item.answer).levels if item.has_scale else ()
        answers[item.code] = Answer(
            assessment=assessment,
            item_code=item.code,
            value=levels[(place * 7 // 3) % len(levels)].value if levels else "",
            text="" if levels else next(texts),
            note=next(texts) if place % every == 0 else "",
            come_back=place % 13 == 5,
            proposed=place % 17 == 3 and bool(levels),
            wording=dict(item.text),
            answered_at=NOW,
        )
    return answers


def sample_evidence(answers: dict[str, Answer], notes: Sequence[str]) -> list[Evidence]:
    titles = cycle(notes)
    return [
        Evidence(
            item_code=code,
            kind=kind,
            title=next(titles)[:120],
            url="https://www.example.org/rapports/2025/plan-local?annexe=3&langue=fr" if kind == EvidenceKind.LINK else "",
            file_name="" if kind == EvidenceKind.LINK else "plan d’accueil 2025.pdf",
            dated_on=date(2025, 11, 4),
            audience=EvidenceAudience.CITY,
        )
        for code, kind in zip(list(answers)[::9], cycle(EvidenceKind), strict=False)
    ]


def sample_document(language: str, package: Package, **options: object) -> Document:
    return document_of(sample_summary(language, package, **options), address=ADDRESS, now=NOW)  # type: ignore[arg-type]


HOSTILE = {
    "markup": '#include "/etc/passwd" $x^2$ = heading *b* _i_ <label> @ref `raw` // gone /* gone */ #{panic()} \\u{41}',
    "xml": "<w:p>&amp;</w:p> ]]> <script>alert(1)</script> {{ 7|add:7 }} {% now 'Y' %}",
    "endless": "x" * 10_000,
    "endless arabic": "ش" * 10_000,
    "endless line": "mot " * 2_500,
    "many lines": "ligne\n" * 500,
    "direction": "\u202enoitcerid\u202c \u2067rtl \u2066ltr \u200f\u200e مرحبا (KF8.Q2) [12]",
    "emoji": "👍🏽 👩‍💻 🇧🇪 ✅ → ≥ ☐",
    "control": "NUL\x00 bell\x07 escape\x1b delete\x7f half\ud83d order\ufeff end\u2029new\x0bline",
    "other scripts": "中文 ქართული தமிழ் ภาษาไทย \ue000 \U000e0041",
    "accents": "Z\u0351\u036b\u0343a\u0310\u0311l\u0302\u0303g\u0301o\u0300 a\u064b ش\u0301",
    "formula": '=HYPERLINK("http://example.org";"click")',
    "escape": "_x0041_ _x000D_",
}
