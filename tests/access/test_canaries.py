"""
Every sensitive field of two cities holds a string of its own. Each role follows every link it is shown, opens every address of the policy
table and downloads every file: no canary of the other city may ever be seen, and those of the own city must be seen by the officer.
"""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from jumelle.cities.access import read_policies
from jumelle.cities.tests.fixtures import sign_in
from tests.access import world_comparison
from tests.access.test_matrix import address
from tests.access.world import ROLES, CityWorld
from tests.access.world_round import hold_pass

MOST_PAGES = 1200
# Public pages name cities and associations and show what a city published: that is their purpose.
PUBLIC = ("City", "Association", "Public")


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for key, value in attrs if key in ("href", "src") and value]


def text_of(response: HttpResponse) -> str:
    """What a person can read in an answer: HTML as it is, archives unpacked, PDF as text."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    headers = repr(sorted(response.headers.items()))
    kind = response.headers.get("Content-Type", "")
    if body[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return headers + "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if "pdf" in kind and shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True)
        return headers + re.sub(r"[\s\u00ad-]+", "", done.stdout.decode("utf-8", "replace"))
    return headers + body.decode("utf-8", "replace")


def crawl(client: Client, start: list[str], skipped: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """
    Follow every link of our own from `start`, but for the skipped parts; yield (address, text) of each answer.

    The door looks alike wherever it leads afterwards: it is opened once.
    """
    waiting, known = list(start), set(start)
    while waiting and len(known) < len(start) + MOST_PAGES:
        url = waiting.pop(0)
        response = client.get(url)
        text = text_of(response)
        yield url, text
        if response.status_code in (301, 302):
            links = [response["Location"]]
        elif "html" in response.headers.get("Content-Type", ""):
            parser = Links()
            parser.feed(text)
            links = parser.found
        else:
            links = []
        for link in links:
            target = urldefrag(urljoin(url, link)).url
            is_ours = not urlsplit(target).netloc and target.startswith("/en/") and "logout" not in target and "?next=" not in target
            if is_ours and target not in known and not any(target.startswith(part) for part in skipped):
                known.add(target)
                waiting.append(target)
    assert not waiting, "there are more pages than are read here"


@pytest.mark.django_db
def test_no_role_ever_sees_a_canary_of_another_city(world):
    own, other = world
    secret = [text for text in other.canaries if not any(text.startswith(f"Other{word}") for word in PUBLIC)]
    seen_own: dict[str, set[str]] = {}
    seen_by_consent: dict[str, set[str]] = {}
    leaks, pages = [], 0
    for role in ROLES:
        client = Client(raise_request_exception=False)
        if role == "respondent":
            hold_pass(client, own)
        elif role != "visitor":
            sign_in(client, own.people[role])
        # The guides are the same bytes for everybody: one role reads them all.
        skipped = () if role == "visitor" else ("/en/guides/",)
        for url, text in crawl(client, [reverse("portal:start"), reverse("workspace:places"), *direct(own, other, role)], skipped):
            pages += 1
            seen_here = {canary for canary in secret if canary in text}
            leaks += [f"{role} saw {canary} at {url}" for canary in seen_here - own.by_consent.get(role, set())]
            seen_by_consent.setdefault(role, set()).update(seen_here)
            seen_own.setdefault(role, set()).update(canary for canary in own.canaries if canary in text)

    print(
        f"\n{pages} answers read, {len(secret)} canaries, {len(leaks)} leaks; own canaries seen: "
        f"{ {role: len(found) for role, found in seen_own.items()} }"
    )
    assert leaks == []
    assert {role: seen for role, seen in seen_by_consent.items() if seen} == own.by_consent
    assert len(seen_own["integration_officer"]) > 20, "the officer must see the own city, or the crawl proves nothing"
    assert any(canary.startswith("OwnPublicAction") for canary in seen_own["visitor"])
    assert {canary for canary in seen_own["visitor"] if not canary.startswith(tuple(f"Own{word}" for word in PUBLIC))} == set()
    for role, seen in seen_own.items():
        theirs = {canary for canary in seen if canary.startswith(("OwnSealed", "OwnPrivateRemark"))}
        assert theirs == own.own_answers.get(role, set()), f"{role} must see the own answers of a round that collects, and no others"
    for role in ("learner", "volunteer", "association_officer", "facilitator", "operator"):
        assert not any("Note" in canary or "Content" in canary for canary in seen_own[role]), role


@pytest.mark.django_db
def test_what_a_consent_allowed_is_gone_with_the_next_click(world):
    own, other = world
    titles = {other.shared_title, other.asked_title}
    client = sign_in(Client(), own.people["integration_officer"])
    secret = [text for text in other.canaries if not any(text.startswith(f"Other{word}") for word in PUBLIC)]
    start = [reverse("assessments:comparisons", kwargs={"city": own.city.slug})]

    def seen() -> set[str]:
        texts = [text for url, text in crawl(client, start, ("/en/guides/",)) if "/comparisons/" in url]
        return {canary for canary in secret if any(canary in text for text in texts)}

    assert seen() == own.by_consent["integration_officer"] > titles
    world_comparison.end_all_consents(other)
    assert seen() == titles


def direct(own: CityWorld, other: CityWorld, role: str) -> Iterator[str]:
    """Every address of the table, for the own city and, guessed, for the other one."""
    for policy in read_policies(settings.ACCESS_POLICY).values():
        if policy.method == "GET" and not policy.name.startswith(("mfa_", "account_")):
            yield address(policy, own, role)
            yield address(policy, other, role)
