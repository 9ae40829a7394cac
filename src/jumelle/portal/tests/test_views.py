import pytest
from django.conf import settings

pytestmark = pytest.mark.django_db
PAGES = ("", "about/", "privacy/", "accessibility/", "processing/", "guides/")


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
@pytest.mark.parametrize("page", PAGES)
def test_public_pages_open_in_every_language_without_a_cookie(client, language, page):
    answer = client.get(f"/{language}/{page}")

    assert (answer.status_code, answer.headers["Content-Language"], answer.cookies) == (200, language, {})


@pytest.mark.parametrize(("wanted", "leads_to"), [("ar", "/ar/"), ("ti-ER", "/ti/"), ("fr-BE", "/fr/"), ("xx", "/en/")])
def test_first_visit_leads_to_the_language_of_the_browser(client, wanted, leads_to):
    answer = client.get("/", headers={"accept-language": wanted})

    assert (answer.status_code, answer["Location"]) == (302, leads_to)


@pytest.mark.parametrize("address", ["/health/", "/fr/", "/fr/nothing/", "/robots.txt", "/fr/account/login/", "/fr/w/"])
def test_every_answer_carries_the_security_headers(client, address):
    headers = client.get(address).headers

    assert set(headers["Content-Security-Policy"].split("; ")) == {
        "default-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    }
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"], headers["X-Frame-Options"]) == ("nosniff", "same-origin", "DENY")
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_draft_language_says_so(client):
    assert "draft" not in client.get("/en/").content.decode().split("<footer")[1]
    assert "مسودة" in client.get("/ar/").content.decode()


def test_health_says_nothing_but_ok(client):
    assert client.get("/health/").json() == {"status": "ok"}


def test_robots_keeps_out_of_the_signed_in_part(client):
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert "Disallow: /fr/w/" in lines
    assert "Disallow: /fr/guides/" not in lines
