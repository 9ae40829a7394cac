"""The workbook goes out and comes back: nothing is lost, nothing is taken that is not understood."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

from jumelle.assessments.models import Answer
from jumelle.assessments.offline.columns import FIRST_ROW, POSITION
from jumelle.assessments.offline.preview import preview_of
from jumelle.assessments.offline.read import WorkbookRefused, read_workbook
from jumelle.assessments.offline.write import write_workbook
from jumelle.assessments.operations import Given
from jumelle.assessments.queries import sheet_of
from jumelle.assessments.tests.factories import (
    CHECKLIST,
    LATER,
    give,
    make_assessment,
    make_place,
    make_shipped_version,
)
from jumelle.audit.models import Event
from jumelle.cities.tenancy import city_scope
from jumelle.toolkits.tests.factories import make_version

pytestmark = pytest.mark.django_db
TRICKY = [
    "=1+1",
    "+32 2 123",
    "-5 places",
    "@council",
    "'quoted",
    "_x0041_ stays",
    "first line\nsecond line",
    "تعلّم اللغة",
    "ቋንቋ ምምሃር",
    'a & b < c > "d"',
    "007",
    "TRUE",
    "x" * 10_000,
]


@pytest.fixture
def place():
    return make_place()


@pytest.fixture
def assessment(place):
    made = make_assessment(place)
    with city_scope(place.city.id):
        yield made


def written(assessment, language="en"):
    with city_scope(assessment.city_id):
        return write_workbook(sheet_of(assessment), language=language, now=LATER)


def changed(data, change):
    """The workbook after a change made with a general spreadsheet library, as a person's own program would do."""
    workbook = load_workbook(io.BytesIO(data))
    change(workbook)
    return saved(workbook)


def saved(workbook):
    target = io.BytesIO()
    workbook.save(target)
    return target.getvalue()


def put(row, **cells):
    """Write cells into row `row` of the answers, the first item being row 0."""

    def change(workbook):
        page = workbook.worksheets[1]
        for name, value in cells.items():
            page.cell(FIRST_ROW + row, POSITION[name]).value = value

    return change


def read(assessment, data):
    with city_scope(assessment.city_id):
        return read_workbook(data, sheet_of(assessment))


def rows_of(reading):
    return {row.entry.code: row.given for row in reading.rows}


# --- there and back ---------------------------------------------------------------------------------------------------


def test_workbook_comes_back_as_it_went(place, assessment):
    give(place, assessment, "KF1.Q1", "partly", note="Two speeches.", come_back=True)
    give(place, assessment, "KF1.Q2", "yes")
    give(place, assessment, "KF1.Q2", "unknown")

    reading = read(assessment, written(assessment))

    assert reading.problems == ()
    assert len(reading.rows) == 35
    assert rows_of(reading)["KF1.Q1"] == Given("partly", "", "Two speeches.", come_back=True, revision=1)
    assert rows_of(reading)["KF1.Q2"] == Given("unknown", revision=2)
    assert rows_of(reading)["KF2.Q1"] == Given()
    preview = preview_of(reading, sheet_of(assessment))
    assert (preview.new, preview.conflicts, preview.unchanged) == ((), (), 35)


@pytest.mark.parametrize("note", TRICKY, ids=[f"{text[:8]!a}" for text in TRICKY])
def test_notes_come_back_letter_by_letter(place, assessment, note):
    give(place, assessment, "KF1.Q1", "yes", note=note)

    assert rows_of(read(assessment, written(assessment)))["KF1.Q1"].note == note


def test_no_cell_of_the_workbook_is_a_formula(place, assessment):
    give(place, assessment, "KF1.Q1", "yes", note='=HYPERLINK("https://example.org","x")')

    workbook = load_workbook(io.BytesIO(written(assessment)))

    assert {cell.data_type for page in workbook for row in page for cell in row if cell.value is not None} == {"s"}


@pytest.mark.parametrize("language", ["fr", "en", "ar"])
def test_labels_of_any_language_are_understood(place, assessment, language):
    give(place, assessment, "KF1.Q1", "unknown")
    with override(language):
        data = written(assessment, language)

    assert rows_of(read(assessment, data))["KF1.Q1"].value == "unknown"
    assert load_workbook(io.BytesIO(data)).worksheets[1].sheet_view.rightToLeft == (language == "ar")


def test_every_answer_cell_offers_its_scale(assessment):
    page = load_workbook(io.BytesIO(written(assessment))).worksheets[1]

    (validation,) = page.data_validations.dataValidation
    assert validation.formula1 == "'Choices'!$A$2:$A$6"
    assert len([cell for area in validation.sqref.ranges for cell in area.cells]) == 26  # 28 questions, 2 of them open


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"answer": "yes"}, Given("yes")),
        ({"answer": "OUI"}, Given("yes")),
        ({"answer": " Partly "}, Given("partly")),
        ({"note": 2022}, Given(note="2022")),
        ({"note": True}, Given(note="TRUE")),
        ({"come_back": "X"}, Given(come_back=True)),
        ({"come_back": "oui"}, Given(come_back=True)),
        ({"come_back": True}, Given(come_back=True)),
        ({"come_back": "no"}, Given()),
        ({"question": "An edited question", "part": "Another part"}, Given()),
    ],
)
def test_what_people_type_is_understood(assessment, cells, expected):
    reading = read(assessment, changed(written(assessment), put(0, **cells)))

    assert reading.problems == ()
    assert rows_of(reading)["KF1.Q1"] == expected


def test_sheets_may_be_renamed_and_moved_and_rows_sorted_or_deleted(assessment):
    def change(workbook):
        about, answers, _choices = workbook.worksheets
        answers.title = "Mes réponses"
        answers.delete_rows(FIRST_ROW + 1, 3)
        put(0, answer="Yes")(workbook)
        workbook.move_sheet(about, 2)

    reading = read(assessment, changed(written(assessment), change))

    assert (reading.problems, len(reading.rows)) == ((), 32)
    assert reading.sheet_name == "Mes réponses"


# --- rows that are not understood -------------------------------------------------------------------------------------

BAD_ROWS = {
    "an answer that is no choice": (put(0, answer="Sometimes"), "“Sometimes” is not one of the answers."),
    "a number as an answer": (put(0, answer=3), "“3” is not one of the answers."),
    "an edited code": (put(0, code="KF1.Q9"), "“KF1.Q9” is not a code of this assessment."),
    "a code in small letters": (put(0, code="kf1.q1"), "is not a code of this assessment."),
    "a code that is gone": (put(0, code=None), "“” is not a code of this assessment."),
    "a code of another toolkit": (put(0, code="UT1.C01"), "is not a code of this assessment."),
    "a code that stands twice": (put(1, code="KF1.Q1"), "KF1.Q1 stands in row 3 already."),
    "a formula as an answer": (put(0, answer='=IF(1,"Yes","No")'), "The cell holds a formula."),
    "a formula as a note": (put(0, note='=WEBSERVICE("https://example.org")'), "The cell holds a formula."),
    "a formula as a state": (put(0, revision="=0"), "The cell holds a formula."),
    "an error in a cell": (put(0, note="#REF!"), "The cell holds the error #REF!."),
    "an edited state": (put(0, revision="new"), "The state “new” was changed."),
    "a state that is gone": (put(0, revision=None), "The state “” was changed."),
    "a negative state": (put(0, revision="-1"), "The state “-1” was changed."),
    "a broken state": (put(0, revision=1.5), "The state “1.5” was changed."),
    "a huge state": (put(0, revision="9" * 30), "was changed."),
    "words for a choice": (put(0, text="Well, it depends."), "This question is answered by a choice."),
    "a choice for an open question": (put(28, answer="Yes"), "This is an open question"),
    "a note that is too long": (put(0, note="x" * 10_001), "The text has 10001 characters, the limit is 10000."),
    "a flag that is not understood": (put(0, come_back="later"), "“later” is not understood here."),
    "a date as a flag": (put(0, come_back=LATER.date()), "is not understood here."),
}


@pytest.mark.parametrize("name", BAD_ROWS)
def test_bad_row_is_named_with_sheet_row_and_column_and_the_rest_is_read(assessment, name):
    change, sentence = BAD_ROWS[name]

    reading = read(assessment, changed(written(assessment), change))

    (problem,) = reading.problems
    assert sentence in problem.message
    assert (problem.sheet, problem.row >= FIRST_ROW, bool(problem.column)) == ("Answers", True, True)
    assert len(reading.rows) == 34


# --- files that are of no use -----------------------------------------------------------------------------------------


def header(name):
    def change(workbook):
        workbook.worksheets[1].cell(1, POSITION[name]).value = "something else"

    return change


def about(row, value):
    def change(workbook):
        workbook.worksheets[0].cell(row, 2).value = value

    return change


def drop(index):
    def change(workbook):
        del workbook[workbook.sheetnames[index]]

    return change


def twice(workbook):
    workbook.copy_worksheet(workbook.worksheets[1])


def bomb(data):
    target = io.BytesIO(data)
    with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/huge.txt", b"0" * 60_000_000)
    return target.getvalue()


def with_part(name, content):
    def change(data):
        target = io.BytesIO(data)
        with zipfile.ZipFile(target, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return target.getvalue()

    return change


def replaced(part, old, new):
    def change(data):
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
            for name in source.namelist():
                content = source.read(name)
                copy.writestr(name, content.replace(old, new) if name == part else content)
        return target.getvalue()

    return change


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'

BAD_FILES = {
    "nothing": (lambda data: b"", "The file is empty."),
    "a text": (lambda data: b"KF1.Q1;yes", "This is not an XLSX workbook."),
    "a PDF": (lambda data: b"%PDF-1.7", "This is not an XLSX workbook."),
    "an old workbook": (lambda data: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old format"),
    "half a file": (lambda data: data[: len(data) // 2], "damaged or cut off"),
    "another workbook": (lambda data: saved(Workbook()), "does not come from Jumelle"),
    "a ZIP bomb": (bomb, "far too large"),
    "macros": (with_part("xl/vbaProject.bin", b"x"), "holds macros"),
    "a path that leads out": (with_part("../../etc/passwd", b"x"), "leads out of the file"),
    "entities": (replaced("xl/workbook.xml", b"<workbook", ENTITIES + b"<workbook"), "damaged"),
    "broken XML": (replaced("xl/worksheets/sheet2.xml", b"</row>", b"</wor>"), "damaged"),
    "another assessment": (lambda data: changed(data, about(1, "0" * 36)), "belongs to another assessment"),
    "no assessment": (lambda data: changed(data, about(1, None)), "belongs to another assessment"),
    "another toolkit": (lambda data: changed(data, about(2, "refugee-inclusion")), "another version of the toolkit"),
    "another version": (lambda data: changed(data, about(3, "0.9.0")), "another version of the toolkit"),
    "no first sheet": (lambda data: changed(data, drop(0)), "does not come from Jumelle"),
    "no answers": (lambda data: changed(data, drop(1)), "is missing, or stands twice"),
    "answers twice": (lambda data: changed(data, twice), "is missing, or stands twice"),
    "a renamed column": (lambda data: changed(data, header("answer")), "moved, renamed or deleted"),
    "a renamed state": (lambda data: changed(data, header("revision")), "moved, renamed or deleted"),
    "a deleted column": (
        lambda data: changed(data, lambda workbook: workbook.worksheets[1].delete_cols(2)),
        "moved, renamed or deleted",
    ),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_refused_with_a_sentence(assessment, name):
    spoil, sentence = BAD_FILES[name]

    with pytest.raises(WorkbookRefused) as refused:
        read(assessment, spoil(written(assessment)))

    assert sentence in refused.value.problems[0].message


def test_workbook_of_an_assessment_of_another_city_is_refused(assessment):
    foreign = make_assessment()

    with pytest.raises(WorkbookRefused):
        read(assessment, written(foreign))


# --- what would change ------------------------------------------------------------------------------------------------


def test_answer_changed_online_meanwhile_is_a_conflict_only_if_the_row_was_touched(place, assessment):
    give(place, assessment, "KF1.Q1", "no")
    give(place, assessment, "KF1.Q2", "no")
    data = changed(written(assessment), put(0, answer="Yes"))
    for code in ("KF1.Q1", "KF1.Q2", "KF2.Q1"):
        give(place, assessment, code, "partly")

    sheet = sheet_of(assessment)
    preview = preview_of(read_workbook(data, sheet), sheet)

    assert [row.entry.code for row in preview.conflicts] == ["KF1.Q1"]
    assert (preview.new, preview.unchanged) == ((), 34)


def test_open_question_that_does_not_apply_can_be_marked_so(place):
    items = [
        {
            "code": "A.Q2",
            "section": "A",
            "kind": "question",
            "text": {"fr": "Lesquels ?", "en": "Which ones?"},
            "answer": "text",
            "applies_to": ["health"],
        },
        {
            "code": "A1.Q1",
            "section": "A1",
            "kind": "question",
            "text": {"fr": "Et là ?", "en": "And there?"},
            "answer": "in_place",
        },
    ]
    assessment = make_assessment(place, make_version(items=items, support=[]))

    reading = read(assessment, written(assessment))

    assert (reading.problems, rows_of(reading)["A.Q2"]) == ((), Given("na", revision=1))


# --- through the pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def client(place, signed_in):
    return signed_in(place.user)


def address(assessment, name):
    return reverse(f"assessments:{name}", kwargs={"city": assessment.city.slug, "pk": assessment.pk})


def send(client, assessment, data):
    return client.post(address(assessment, "offline_import"), {"file": SimpleUploadedFile("answers.xlsx", data)})


def taken_from(page):
    return page.context["taken"]


def test_download_is_a_workbook_and_is_recorded(client, assessment):
    reply = client.get(address(assessment, "offline"))

    assert reply.headers["Content-Disposition"].startswith('attachment; filename="language-learning-support-')
    assert read(assessment, reply.content).problems == ()
    assert Event.objects.filter(action="answers_exported").count() == 1


def test_upload_shows_and_saves_nothing_until_it_is_confirmed(client, assessment):
    data = changed(written(assessment), put(0, answer="Partly", note="From the train."))

    shown = send(client, assessment, data)
    before = Answer.objects.count()
    page = client.post(address(assessment, "offline_import"), {"taken": taken_from(shown)}, follow=True)

    assert (shown.status_code, before) == (200, 0)
    assert "From the train." in shown.content.decode()
    assert "Take these answers" in shown.content.decode()
    answer = Answer.objects.get()
    assert (answer.item_code, answer.value, answer.note) == ("KF1.Q1", "partly", "From the train.")
    assert "1 answer was taken from the file." in page.content.decode()


def test_good_rows_are_taken_only_when_the_person_says_so(client, assessment):
    def change(workbook):
        put(0, answer="Yes")(workbook)
        put(1, answer="Perhaps")(workbook)

    shown = send(client, assessment, changed(written(assessment), change))
    html = shown.content.decode()

    assert shown.status_code == 422
    assert "Answers, row 4, column Your answer (choose):" in html
    assert "Take the good rows" in html
    assert Answer.objects.count() == 0
    client.post(address(assessment, "offline_import"), {"taken": taken_from(shown)})
    assert list(Answer.objects.values_list("item_code", "value")) == [("KF1.Q1", "yes")]


@pytest.mark.parametrize(("replace", "expected"), [([], "partly"), (["KF1.Q1"], "yes")])
def test_conflicting_row_replaces_only_what_the_person_ticks(client, place, assessment, replace, expected):
    data = changed(written(assessment), put(0, answer="Yes"))
    give(make_place(place.city), assessment, "KF1.Q1", "partly", note="Online.")

    shown = send(client, assessment, data)
    client.post(address(assessment, "offline_import"), {"taken": taken_from(shown), "replace": replace})

    assert "Online." in shown.content.decode()
    assert Answer.objects.get().value == expected


def test_answer_given_between_preview_and_confirmation_is_not_overwritten(client, place, assessment):
    shown = send(client, assessment, changed(written(assessment), put(0, answer="Yes")))
    give(make_place(place.city), assessment, "KF1.Q1", "partly")

    page = client.post(address(assessment, "offline_import"), {"taken": taken_from(shown)}, follow=True)

    assert Answer.objects.get().value == "partly"
    assert "Not taken, because somebody answered them in these minutes: KF1.Q1." in page.content.decode()


def test_preview_is_worth_nothing_elsewhere_or_when_edited(client, place, assessment, signed_in):
    shown = send(client, assessment, changed(written(assessment), put(0, answer="Yes")))
    sibling = make_assessment(place)
    colleague = signed_in(make_place(place.city).user)

    client.post(address(sibling, "offline_import"), {"taken": taken_from(shown)})
    colleague.post(address(assessment, "offline_import"), {"taken": taken_from(shown)})
    client.post(address(assessment, "offline_import"), {"taken": taken_from(shown) + "x"})

    assert Answer.objects.count() == 0


def test_refused_file_says_why_on_the_page(client, assessment):
    page = send(client, assessment, b"KF1.Q1;yes")

    assert page.status_code == 422
    assert "This file cannot be taken. Nothing was saved." in page.content.decode()
    assert "This is not an XLSX workbook." in page.content.decode()


def test_page_without_a_file_asks_for_one(client, assessment):
    page = client.post(address(assessment, "offline_import"), {})

    assert page.status_code == 422


def test_file_that_is_too_large_is_refused_before_it_is_read(client, assessment, settings):
    settings.UPLOAD_MAX_BYTES = 1000

    page = send(client, assessment, written(assessment))

    assert page.status_code == 422
    assert "The file is larger than 10 MB" in page.content.decode()


def test_large_checklist_survives_the_round_trip_in_one_confirmation(client, place):
    assessment = make_assessment(place, make_shipped_version(CHECKLIST))
    with city_scope(place.city.id):

        def change(workbook):
            for row in range(93):
                put(row, answer="Not yet", note="é" * 2000)(workbook)

        shown = send(client, assessment, changed(written(assessment), change))
        client.post(address(assessment, "offline_import"), {"taken": taken_from(shown)})

        assert Answer.objects.filter(value="not_ticked").count() == 93
