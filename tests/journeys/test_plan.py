"""
From five people who answer alone to a plan that everybody can read, by keyboard alone, in French and in Arabic.

Five respondents (three by link, two with an account), one round, an agreed answer for each point, a plan of six lines, its approval,
two quarterly updates and the public page. axe looks at every page on the way.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone

from jumelle.accounts.models import User
from jumelle.action_plans.models import Approval, LineUpdate, Plan, PlanLine
from jumelle.assessments.enums import Subject
from jumelle.assessments.models import AgreedAnswer, Answer, Assessment, Respondent
from jumelle.assessments.operations import start_assessment
from jumelle.cities.access import Place
from jumelle.cities.models import City
from jumelle.cities.tenancy import city_scope, every_city
from jumelle.toolkits.queries import latest_version_of
from tests.journeys.conftest import sign_in, tab_to

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "EN-301-549"]
OFFICER = "officer-montclairval@example.org"
ITEMS = ("KF5.Q1", "KF5.Q2", "KF5.Q3", "KF5.Q4", "KF8.Q1", "KF8.Q2", "KF8.Q3")
# What each of the five says to the seven questions.
SAID = (
    "yes yes no no partly no yes",
    "yes partly partly no partly partly yes",
    "no no no no no no unknown",
    "partly no no no no no unknown",
    "unknown partly partly no partly yes yes",
)
AGREED = "partly partly no no partly partly yes"
ACCOUNTS = ("admin-montclairval@example.org", "officer@example.org")


class Keyboard:
    """A person without a mouse: Tab, Space, arrows, Enter and letters."""

    def __init__(self, page, found: list[str], seen: set[str]) -> None:
        self.page, self.found, self.seen = page, found, seen

    def go(self, address: str) -> None:
        answer = self.page.goto(address)
        assert answer is not None, address
        assert answer.status == 200, (address, answer.status)
        self.look()

    def look(self) -> None:
        """axe on a page of a kind that was not looked at before: the fifth invitation says no more than the first."""
        kind = re.sub(r"[0-9a-f-]{36}|KF\d\.Q\d|/answer/[^/]+", "*", urlsplit(self.page.url).path)
        if kind in self.seen:
            return
        self.seen.add(kind)
        result = Axe().run(self.page, options={"runOnly": TAGS, "resultTypes": ["violations"]})
        self.found += [f"{self.page.url}: {rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in result.response["violations"]]

    def press(self, selector: str) -> None:
        """Reach a link or a button by Tab, press Enter, and look at where it leads."""
        self.reach(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def reach(self, selector: str) -> None:
        tab_to(self.page, selector, 400)

    def write(self, selector: str, text: str) -> None:
        self.reach(selector)
        self.page.keyboard.type(text)

    def write_day(self, selector: str, day: date) -> None:
        """The browser of these tests asks for month, day and year."""
        self.reach(selector)
        self.page.keyboard.type(f"{day:%m%d%Y}")

    def choose(self, name: str, value: str) -> None:
        """One of a group of radio buttons."""
        self.reach(f"[name='{name}']")
        self.page.keyboard.press("Space")
        for _step in range(12):
            if self.page.locator(f"[name='{name}'][value='{value}']").is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        pytest.fail(f"{value} of {name} cannot be chosen by keyboard")

    def select(self, selector: str, value: str) -> None:
        """An entry of a list: arrows go through it."""
        self.reach(selector)
        for step in range(40):
            if self.page.locator(selector).input_value() == value:
                return
            self.page.keyboard.press("ArrowUp" if step < 20 else "ArrowDown")
        pytest.fail(f"{value} cannot be chosen in {selector}")

    def tick(self, selector: str) -> None:
        self.reach(selector)
        self.page.keyboard.press("Space")


@pytest.fixture
def keyboards(chromium) -> Iterator[Callable[[], Keyboard]]:
    """Each call gives another person's browser; at the end none of their pages may have had a violation or an error."""
    found: list[str] = []
    seen: set[str] = set()
    errors: list[str] = []
    contexts = []

    def another() -> Keyboard:
        context = chromium.new_context(viewport={"width": 1000, "height": 900}, reduced_motion="reduce")
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return Keyboard(page, found, seen)

    yield another
    for context in contexts:
        context.close()
    print(f"\naxe: {len(seen)} kinds of pages, {len(found)} violations")
    assert (found, errors) == ([], [])


@pytest.fixture
def assessment(demo) -> Assessment:
    """An open assessment of Montclairval on key factors 5 and 8."""
    city = City.objects.select_related("association").get(slug="montclairval")
    place = Place(user=User.objects.get(email=OFFICER), city=city, association=city.association, roles=frozenset({"integration_officer"}))
    version = latest_version_of("language-learning-support")
    assert version is not None
    with city_scope(city.id):
        return start_assessment(
            place=place,
            version=version,
            subject=Subject.CITY,
            themes=["KF5", "KF8"],
            period_start_on=date(2026, 1, 1),
            period_end_on=date(2026, 12, 31),
            now=timezone.now(),
        )


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_from_five_answers_to_a_plan_that_everybody_can_read(demo, assessment, keyboards, settings, language):
    settings.PUBLIC_ADDRESS = demo  # links in mails lead there
    base = f"{demo}/{language}/w/montclairval"
    here = f"{base}/assessments/{assessment.pk}"
    officer = keyboards()
    sign_in(officer.page, demo, OFFICER, language)

    links = ask_five(officer, here, language)
    for said, link in zip(SAID[:3], links, strict=True):
        answer_by_link(keyboards(), link, said)
    for said, email in zip(SAID[3:], ACCOUNTS, strict=True):
        colleague = keyboards()
        sign_in(colleague.page, demo, email, language)
        answer_with_account(colleague, f"{base}/", said)
    open_and_agree(officer, here)
    choose_themes(officer, here)
    plan = make_plan(officer, here, base)
    approve(officer, f"{base}/plans/{plan.pk}")
    follow(officer, f"{base}/plans/{plan.pk}", plan)
    publish(officer, f"{base}/plans/{plan.pk}")
    read_in_public(keyboards(), f"{demo}/{language}/cities/montclairval/plan/{plan.pk}/")


# --- answering together -----------------------------------------------------------------------------------------------


def ask_five(officer: Keyboard, here: str, language: str) -> list[str]:
    """Start a round and ask three people by mail and two with an account; returns the links of the mails."""
    officer.go(f"{here}/round/")
    officer.press("main a[href$='/round/start/']")
    officer.write_day("[name=answer_until]", timezone.localdate() + timedelta(days=20))
    officer.press("main form button[type=submit]")
    links = []
    for number, role in enumerate(("ngo", "migrants", "provider"), start=1):
        officer.go(f"{here}/round/invite/")
        officer.choose("role", role)
        officer.write("[name=name]", f"Guest {number}")
        officer.write("[name=email]", f"guest-{number}@example.org")
        officer.press("main form button[value=back]")
        links.append(re.search(r"http\S+/answer/\S+", mail.outbox[-1].body).group())
        assert "Montclairval" not in mail.outbox[-1].subject + mail.outbox[-1].body
    for email in ACCOUNTS:
        officer.go(f"{here}/round/invite/")
        officer.choose("role", "department")
        officer.write("[name=name]", "A service")
        officer.select("select[name=user]", str(User.objects.get(email=email).pk))
        officer.press("main form button[value=back]")
    assert all(f"/{language}/answer/" in link for link in links)
    return links


def answer_by_link(guest: Keyboard, link: str, said: str) -> None:
    guest.go(link)
    guest.press("main form button[type=submit]")
    fill_in(guest, said)
    answer = guest.page.context.new_page().goto(link)
    assert answer is not None
    assert answer.status == 404, "a link that was used must open nothing"


def answer_with_account(person: Keyboard, home: str, said: str) -> None:
    person.go(home)
    person.press("main a[href*='/asked/']")
    fill_in(person, said)


def fill_in(person: Keyboard, said: str) -> None:
    """Two themes, one after the other, then send in."""
    given = dict(zip(ITEMS, said.split(), strict=True))
    person.press("main a.button--primary")
    for theme in ("KF5", "KF8"):
        for code, value in given.items():
            if code.startswith(theme):
                person.choose(f"{code}-value", value)
        person.press("main form button[name=go][value=next]")
    if "send-in" not in person.page.url:
        person.press("main a[href$='/send-in/']")
    person.press("main form button[value=send]")


def open_and_agree(officer: Keyboard, here: str) -> None:
    with every_city("a test"):
        assert Respondent.objects.exclude(sent_in_at=None).filter(round__assessment__city__slug="montclairval").count() == 5
    officer.go(f"{here}/round/open/")
    officer.press("main form button[type=submit]")
    officer.go(f"{here}/round/")
    officer.press("main a[href*='/divergence/']")
    for code, value in zip(ITEMS, AGREED.split(), strict=True):
        officer.go(re.sub(r"/divergence/.*", f"/agree/{code}/", officer.page.url) if code == ITEMS[0] else next_point(officer, code))
        officer.choose("value", value)
        officer.write("[name=reason]", "هكذا اتفقنا – c’est ce que nous avons vu ensemble.")
        if code == ITEMS[1]:
            officer.write("[name=minority_note]", "Deux personnes disent « non ».")
        if code == ITEMS[0]:
            officer.write_day("[name=held_on]", timezone.localdate())
            officer.write("[name=present]", "Cinq personnes, toutes celles qui ont répondu")
        officer.press("main form button[name=go][value=next]")
    with every_city("a test"):
        agreed = AgreedAnswer.objects.filter(city__slug="montclairval")
        stored = dict(Answer.objects.filter(assessment__rounds__agreed_answers__in=agreed).values_list("item_code", "value"))
        assert agreed.count() == 7
        assert stored == dict(zip(ITEMS, AGREED.split(), strict=True))
    officer.go(f"{here}/round/close/")
    officer.press("main form button[type=submit]")


def next_point(officer: Keyboard, code: str) -> str:
    return re.sub(r"(/round/[0-9a-f-]{36})/.*", rf"\1/agree/{code}/", officer.page.url)


# --- from the diagnosis to the plan -----------------------------------------------------------------------------------


def choose_themes(officer: Keyboard, here: str) -> None:
    for theme in ("KF5", "KF8"):
        officer.go(f"{here}/factors/")
        officer.write(f"[name='{theme}-reason']", "Nous en avons parlé ensemble.")
        officer.press(f"form:has([name='{theme}-reason']) button[value=choose]")


def make_plan(officer: Keyboard, here: str, base: str) -> Plan:
    """Six gaps become six lines; the first gets its columns, and nothing is invented for the others."""
    officer.go(f"{here}/results/")
    officer.press("main a[href*='/plans/from/']")
    for code in ITEMS[:6]:
        officer.tick(f"[name=gap][value='{code}']")
        if officer.page.locator(f"[name='start-{code}']").count():
            officer.select(f"[name='start-{code}']", "")  # gaps that begin with the same tip would become one line
    officer.write("[name=title]", "Langue 2027")
    officer.press("main form button[type=submit]")
    with every_city("a test"):
        plan = Plan.objects.get(city__slug="montclairval")
        lines = list(PlanLine.objects.filter(plan=plan).order_by("position"))
        assert len(lines) == 6
        assert {(line.lead, line.starts_on, line.ends_on) for line in lines} == {("", None, None)}
    officer.go(f"{base}/plans/{plan.pk}/lines/{lines[0].pk}/edit/")
    officer.write_day("[name=starts_on]", date(2026, 1, 15))
    officer.write_day("[name=ends_on]", date(2027, 6, 30))
    officer.write("[name=lead]", "Affaires sociales")
    officer.press("main form button[type=submit].button--primary")
    return plan


def approve(officer: Keyboard, plan: str) -> None:
    officer.go(f"{plan}/versions/")
    officer.choose("name", "consolidated")
    officer.press("main form button[type=submit]")
    officer.go(f"{plan}/versions/1/approve/")
    officer.write("[name=body]", "Conseil communal")
    officer.write_day("[name=approved_on]", timezone.localdate())
    officer.press("main form button[type=submit]")
    with every_city("a test"):
        assert Approval.objects.get(version__plan__city__slug="montclairval").body == "Conseil communal"


def follow(officer: Keyboard, plan: str, stored: Plan) -> None:
    """Two quarters, told in turn: the one before, then this one."""
    officer.go(f"{plan}/follow-up/")
    officer.press("main a[href^='?quarter=']")
    tell(officer, "in_progress", "La salle est trouvée.")
    officer.go(f"{plan}/follow-up/")
    tell(officer, "done", "القاعة مفتوحة منذ شهر.")
    with every_city("a test"):
        told = LineUpdate.objects.filter(line__plan=stored).order_by("quarter")
        assert [update.status for update in told] == ["in_progress", "done"]


def tell(officer: Keyboard, status: str, sentence: str) -> None:
    name = officer.page.locator("main [name$='-status']").first.get_attribute("name")
    officer.choose(name, status)
    officer.write(f"[name='{name.removesuffix('-status')}-sentence']", sentence)
    officer.press("main form button[type=submit].button--primary")


def publish(officer: Keyboard, plan: str) -> None:
    officer.go(f"{plan}/public/")
    officer.tick("[name=is_public]")
    count = officer.page.locator("[name=shown]").count()
    for number in range(count):
        box = f"[name=shown][value='{officer.page.locator('[name=shown]').nth(number).get_attribute('value')}']"
        if not officer.page.locator(box).is_checked():
            officer.tick(box)
    officer.press("main form button[type=submit]")


def read_in_public(visitor: Keyboard, address: str) -> None:
    visitor.go(address)
    text = visitor.page.locator("main").inner_text()
    assert ("Langue 2027" in text, "Conseil communal" in text, "القاعة مفتوحة منذ شهر." in text) == (True, True, True)
    assert visitor.page.context.cookies() == []
