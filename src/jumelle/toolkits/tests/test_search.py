from jumelle.toolkits.package.search import Snippet, fold, index_of, search
from jumelle.toolkits.tests.factories import make_package


def found(query: str, language: str) -> list[str]:
    return [hit.entry.code for hit in search(index_of(make_package(), language), query)]


def test_search_ignores_accents_capitals_and_apostrophes():
    assert found("ELEVE", "fr") == ["A.Q1", "G1"]
    assert found("été", "fr") == found("ETE", "fr") == ["A"]
    assert fold("L’été") == fold("l'ete")


def test_search_wants_every_word_and_finds_codes():
    assert found("avez eleve", "fr") == ["A.Q1"]
    assert found("avez summer", "fr") == []
    assert found("a.q2.p1", "fr") == ["A.Q2.P1"]
    assert found("   ", "fr") == []


def test_search_reads_the_language_shown():
    assert found("pupil", "en") == ["A.Q1", "G1"]
    assert found("pupil", "fr") == []
    assert found("eleve", "ti") == ["A.Q1", "G1"]


def test_hit_names_its_page_and_shows_the_words_as_written():
    hit = search(index_of(make_package(), "fr"), "eleve")[0]

    assert (hit.entry.sheet, hit.entry.section) == ("items", "A")
    assert hit.snippet == Snippet("Avez-vous un ", "élève", " ?")


def test_support_of_an_item_is_on_the_page_of_its_section():
    hit = search(index_of(make_package(), "fr"), "conseil")[0]

    assert (hit.entry.code, hit.entry.section) == ("A.T1", "A")
