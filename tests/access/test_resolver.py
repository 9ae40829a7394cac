"""Every address has its rows in the policy table, and every row has its address."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from jumelle.cities.access import read_policies

STATIC = {"serve"}


def addresses(patterns: list, namespace: str = "") -> Iterator[str]:
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from addresses(entry.url_patterns, inner)
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def test_every_address_has_a_row(settings):
    known = {name for name, _method in read_policies(settings.ACCESS_POLICY)}

    found = set(addresses(get_resolver().url_patterns))

    print(f"{len(found)} addresses, {len(found - known)} without a row")
    assert found - known == set()


def test_every_row_has_an_address(settings):
    known = {name for name, _method in read_policies(settings.ACCESS_POLICY)}

    assert known - set(addresses(get_resolver().url_patterns)) == set()


def test_an_address_without_a_row_answers_like_a_missing_page(client, settings, tmp_path):
    kept = [line for line in settings.ACCESS_POLICY.read_text(encoding="utf-8").splitlines() if not line.startswith("portal:about")]
    settings.ACCESS_POLICY = tmp_path / "policy.csv"
    settings.ACCESS_POLICY.write_text("\n".join(kept) + "\n", encoding="utf-8")

    answer = client.get("/en/about/")

    assert answer.status_code == 404
    assert answer.content == client.get("/en/there-is-no-such-page/").content
