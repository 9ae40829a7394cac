"""Lists that stand in two places say the same."""

from typing import get_args

from jumelle.cities.enums import OrganisationType
from jumelle.toolkits.enums import ToolkitKind
from jumelle.toolkits.mapping.model import Relation
from jumelle.toolkits.mappings import REASON_SENTENCES, RELATION_WORDS
from jumelle.toolkits.operations import LoadRefused
from jumelle.toolkits.package import sheets
from jumelle.toolkits.suggest import Reason
from jumelle.toolkits.templatetags.toolkit_texts import CHANGE_WORDS
from jumelle.toolkits.views.guide import AFTER_ITEMS, BEFORE_ITEMS, ITEM_HEADINGS, SUPPORT_HEADINGS


def test_packages_know_the_organisation_types_of_cities():
    assert set(get_args(sheets.OrganisationType)) == set(OrganisationType.values)


def test_packages_know_the_kinds_of_the_database():
    assert set(get_args(sheets.Kind)) == set(ToolkitKind.values)


def test_every_kind_of_row_has_its_words_on_the_page():
    assert set(ITEM_HEADINGS) == set(get_args(sheets.ItemKind))
    assert set(SUPPORT_HEADINGS) == set(get_args(sheets.SupportKind)) == {*BEFORE_ITEMS, *AFTER_ITEMS}
    assert set(CHANGE_WORDS) == set(get_args(sheets.Change))


def test_every_relation_and_reason_has_its_words():
    assert set(RELATION_WORDS) == set(get_args(Relation))
    assert set(REASON_SENTENCES) == set(get_args(Reason))


def test_every_refusal_has_a_sentence_of_its_own():
    sentences = [str(refusal.sentence) for refusal in LoadRefused.__subclasses__()]

    assert len(set(sentences)) == len(sentences) == 6
