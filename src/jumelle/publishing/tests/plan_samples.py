"""Plans that were never stored, in several scripts: for looking at documents, and for testing them."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import cycle
from uuid import UUID

from jumelle.action_plans.content import LineContent, MeasureContent, OriginContent, PlanContent
from jumelle.publishing.plan_document import ApprovalRecord, News, plan_document
from jumelle.publishing.plan_parts import PlanDocument

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ADDRESS = "https://jumelle.example.org/fr/w/sonnebourg/plans/6f1d9c1e-0000-4000-8000-000000000000/"
APPROVAL = ApprovalRecord("Conseil municipal", date(2026, 2, 26), "https://www.example.org/deliberations/2026-02-26.pdf")

GAP = OriginContent("gap", "language-learning-support", "1.0.0", "KF8.Q2")
PRACTICE = OriginContent(
    "practice", label="Tables de conversation", url="https://www.example.org/pratiques/tables", dated_on=date(2025, 5, 4)
)
VISIT = OriginContent("visit", label="Première visite", dated_on=date(2025, 11, 12))

TEXTS = {
    "fr": {
        "title": "Apprendre la langue ensemble",
        "action": "Ouvrir une table de conversation chaque semaine dans trois quartiers, avec garde d’enfants",
        "results": "Soixante personnes parlent français au moins une heure par semaine.\n\nLes parents peuvent venir.",
        "timetable": "Deux quartiers au printemps, le troisième à la rentrée",
        "lead": "Service de la vie sociale",
        "staff": "Une personne à mi-temps",
        "partners": "Bibliothèque, deux associations, école primaire",
        "funding": "Budget communal : 8 000 € ; fonds régional : 4 000 € (demande en cours)",
        "evaluation": "Nous comptons les personnes présentes et nous leur demandons deux fois par an ce qui a changé.",
        "what": "Personnes présentes par semaine",
        "source": "Feuilles de présence",
    },
    "en": {
        "title": "Learning the language together",
        "action": "Open a conversation table each week in three districts, with childcare",
        "results": "Sixty people speak French for at least an hour a week.\n\nParents can come.",
        "timetable": "Two districts in spring, the third in September",
        "lead": "Social service",
        "staff": "One half-time post",
        "partners": "Library, two associations, primary school",
        "funding": "City budget: 8,000 €; regional fund: 4,000 € (asked for)",
        "evaluation": "We count who comes, and ask twice a year what has changed.",
        "what": "People at the tables each week",
        "source": "Attendance sheets",
    },
    "ar": {
        "title": "نتعلّم اللغة معًا",
        "action": "فتح طاولة محادثة كل أسبوع في ثلاثة أحياء مع رعاية الأطفال (انظر KF8.Q2)",
        "results": "ستون شخصًا يتحدثون الفرنسية ساعة على الأقل في الأسبوع.\n\nيستطيع الآباء والأمهات الحضور.",
        "timetable": "حيّان في الربيع والثالث في شهر سبتمبر 2026",
        "lead": "مصلحة الشؤون الاجتماعية",
        "staff": "موظف بنصف دوام",
        "partners": "المكتبة، جمعيتان، المدرسة الابتدائية",
        "funding": "ميزانية البلدية: 8000 يورو؛ صندوق المنطقة: 4000 يورو",
        "evaluation": "نعدّ الحاضرين ونسألهم مرتين في السنة عما تغيّر.",
        "what": "عدد الحاضرين كل أسبوع",
        "source": "قوائم الحضور",
    },
    "ti": {
        "title": "ቋንቋ ብሓባር ምምሃር",
        "action": "ኣብ ሰለስተ ከባቢታት ሰሙናዊ ናይ ዝርርብ ጣውላ ምኽፋት",
        "results": "ስሳ ሰባት ብውሑዱ ሓደ ሰዓት ኣብ ሰሙን ይዛረቡ።",
        "timetable": "ክልተ ከባቢታት ኣብ ጽድያ፣ እቲ ሳልሳይ ኣብ መስከረም",
        "lead": "ማሕበራዊ ኣገልግሎት",
        "staff": "ሓደ ፍርቂ ግዜ ሰራሕተኛ",
        "partners": "ቤተ-መጻሕፍቲ፣ ክልተ ማሕበራት",
        "funding": "ባጀት ከተማ፦ 8000 ዩሮ",
        "evaluation": "ዝመጹ ሰባት ንቖጽር፣ ኣብ ዓመት ክልተ ግዜ ንሓትት።",
        "what": "ኣብ ሰሙን ዝመጹ ሰባት",
        "source": "ዝርዝር ተሳተፍቲ",
    },
}
STATUSES = ("in_progress", "planned", "done", "stalled", "dropped")


def sample_line(number: int, written_in: str = "fr", **fields: object) -> LineContent:
    words = TEXTS[written_in]
    measure = MeasureContent(words["what"], "12", "60", date(2026, 12, 31), words["source"], "25", date(2026, 2, 1))
    line = LineContent(
        line_id=str(UUID(int=number)),
        position=number,
        action=words["action"],
        results=words["results"],
        starts_on=date(2026, 4, 1),
        ends_on=date(2026, 12, 31),
        timetable=words["timetable"],
        lead=words["lead"],
        lead_organisation="Sonnebourg Solidaire",
        staff=words["staff"],
        partners=words["partners"],
        funding=words["funding"],
        evaluation=words["evaluation"],
        status=STATUSES[(number - 1) % len(STATUSES)],
        is_public=number % 2 == 1,
        measures=(measure,) if number % 3 else (measure, replace(measure, baseline="", target="80 %", due_on=None)),
        origins=((GAP, PRACTICE), (VISIT,), (GAP,))[number % 3],
    )
    return replace(line, **fields)  # type: ignore[arg-type]


def bare_line(number: int, written_in: str = "fr") -> LineContent:
    """A draft line with nothing but its action."""
    return LineContent(line_id=str(UUID(int=number)), position=number, action=TEXTS[written_in]["action"], origins=(GAP,))


def sample_plan(*written_in: str, lines: int = 5, **fields: object) -> PlanContent:
    """
    A plan whose lines are written in these languages in turn; its last line is bare.

    Args:
        fields: of the plan, instead of the usual ones.
    """
    texts = cycle(written_in or ("fr",))
    language = written_in[0] if written_in else "fr"
    plan = PlanContent(
        plan_id=str(UUID(int=99)),
        title=TEXTS[language]["title"],
        mentee="Sonnebourg",
        mentor="Ville de Hautepierre",
        language=language,
        dated_on=NOW.date(),
        version=2,
        version_name="revised",
        lines=tuple((bare_line if number == lines else sample_line)(number, next(texts)) for number in range(1, lines + 1)),
    )
    return replace(plan, **fields)  # type: ignore[arg-type]


def sample_document(language: str, *written_in: str, **fields: object) -> PlanDocument:
    """In the reader's language, of a plan that is written in others."""
    plan = sample_plan(*(written_in or (language,)), **fields)  # type: ignore[arg-type]
    news = {plan.lines[0].line_id: News("2026-Q1", "in_progress", TEXTS[plan.language]["results"], TEXTS[plan.language]["timetable"])}
    spoken = ("fr", "ar", "ti", "uk")
    return plan_document(plan, language=language, address=ADDRESS, now=NOW, approval=APPROVAL, news=news, city_languages=spoken)
