import json

import pytest
from django.urls import reverse

from jumelle.assessments.models import Answer, Assessment
from jumelle.assessments.queries.upgrading import preview_of
from jumelle.assessments.tests.factories import BENCHMARK, NOW, give, make_assessment, make_place, shipped_package
from jumelle.audit.models import Event
from jumelle.cities.enums import Role
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests.factories import make_city, make_member
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.operations import load_package

pytestmark = pytest.mark.django_db


@pytest.fixture
def versions():
    return tuple(
        load_package(package=shipped_package(BENCHMARK, number), association=None, status=VersionStatus.PUBLISHED, now=NOW).version
        for number in ("0.9.0", "1.0.0")
    )


@pytest.fixture
def place():
    return make_place(make_city("own"))


@pytest.fixture
def officer(place, signed_in):
    return signed_in(place.user)


@pytest.fixture
def assessment(place, versions) -> Assessment:
    made = make_assessment(place, versions[0])
    for code, value in {"KF8.Q5": "yes", "KF8.Q2": "partly", "KF8.Q4": "no", "KF8.Q3": "yes"}.items():
        give(place, made, code, value, note=f"Note on {code}")
    return made


def url(name: str, assessment: Assessment) -> str:
    return reverse(f"assessments:{name}", kwargs={"city": "own", "pk": assessment.pk})


def form_of(assessment: Assessment, version, **changed: object) -> dict[str, object]:
    with city_scope(assessment.city_id):
        seen = preview_of(assessment, version).seen
    return {"to": str(version.pk), "seen": seen, **changed}


def stored(assessment: Assessment) -> dict[str, bool]:
    with city_scope(assessment.city_id):
        rows = Answer.objects.filter(assessment=assessment, archived_by=None)
        return {row.item_code: row.to_confirm for row in rows.order_by("item_code")}


def test_overview_offers_the_newer_version_and_the_preview_shows_the_words_that_changed(officer, assessment):
    overview = officer.get(url("overview", assessment)).content.decode()
    preview = officer.get(url("upgrade", assessment)).content.decode()

    assert "There is a newer version of the toolkit" in overview
    assert "<del>can</del><ins>could</ins>" in preview
    assert [code in preview for code in ("choice-KF8.Q5", "choice-KF8.Q4", "choice-KF8.Q3", "choice-KF8.Q2")] == [True, True, True, False]


def test_going_over_and_back_by_buttons(officer, assessment, versions):
    data = form_of(assessment, versions[1], theme=["KF1"], **{"choice-KF8.Q3": "keep"})

    answer = officer.post(url("upgrade", assessment), data, follow=True)
    over = stored(assessment)
    archive = officer.get(url("archive", assessment)).content.decode()
    back = officer.post(url("upgrade_undo", assessment), follow=True)

    assert "The assessment is now on version 1.0.0" in answer.content.decode()
    assert over == {"KF8.Q2": False, "KF8.Q3": False}
    assert [text in archive for text in ("Note on KF8.Q4", "Note on KF8.Q5", "Note on KF8.Q2")] == [True, True, False]
    assert "Taken back" in back.content.decode()
    assert stored(assessment) == {"KF8.Q2": False, "KF8.Q3": False, "KF8.Q4": False, "KF8.Q5": False}


def test_confirming_on_the_theme_page_saves_what_else_was_typed(officer, assessment, versions):
    officer.post(url("upgrade", assessment), form_of(assessment, versions[1]))
    theme = reverse("assessments:theme", kwargs={"city": "own", "pk": assessment.pk, "code": "KF8"})
    typed = {"KF8.Q2-revision": "1", "KF8.Q2-value": "yes", "KF8.Q2-note": "Typed beside", "confirm": "KF8.Q3"}

    page = officer.get(theme).content.decode()
    answer = officer.post(theme, typed, follow=True)

    assert "It counts once somebody confirms it" in page
    assert "Confirmed: the answer counts again." in answer.content.decode()
    assert stored(assessment) == {"KF8.Q2": False, "KF8.Q3": False}
    with city_scope(assessment.city_id):
        assert Answer.objects.get(item_code="KF8.Q2").note == "Typed beside"


def test_refused_choices_come_back_as_they_were(officer, assessment, versions):
    data = form_of(assessment, versions[1], seen="another state", **{"choice-KF8.Q3": "archive"})

    answer = officer.post(url("upgrade", assessment), data)

    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 409
    assert 'name="choice-KF8.Q3" id="c-KF8.Q3_2" value="archive" checked' in text


def test_group_answers_but_does_not_decide_on_versions(assessment, versions, signed_in, place):
    member = signed_in(make_member(place.city, Role.SUPPORT_GROUP_MEMBER))

    assert member.get(url("upgrade", assessment)).status_code == 403
    assert member.post(url("upgrade", assessment), form_of(assessment, versions[1])).status_code == 403
    assert "There is a newer version" not in member.get(url("overview", assessment)).content.decode()


def test_record_holds_every_answer_and_stands_in_the_journal(officer, assessment, versions):
    officer.post(url("upgrade", assessment), form_of(assessment, versions[1]))

    record = json.loads(officer.get(url("record", assessment)).content)

    archived = {row["code"]: (row["value"], row["note"]) for row in record["answers"] if row["archived_at"]}
    assert archived == {"KF8.Q4": ("no", "Note on KF8.Q4"), "KF8.Q5": ("yes", "Note on KF8.Q5")}
    assert Event.objects.filter(action="assessment_record_exported").count() == 1


def test_nothing_newer_leads_back_to_the_overview(officer, place, versions):
    current = make_assessment(place, versions[1])

    answer = officer.get(url("upgrade", current), follow=True)

    assert "There is no newer version" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == url("overview", current)
