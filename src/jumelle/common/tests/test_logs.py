import logging

import pytest
from django.conf import settings

from jumelle.common.logs import HideLinks


@pytest.mark.parametrize(
    ("message", "args", "written"),
    [
        ("%s: %s", ("Not Found", "/en/answer/aB3-_x/"), "Not Found: /en/answer/…/"),
        ("Forbidden (%s): %s", ("CSRF", "/fr/invitation/aB3-_x/"), "Forbidden (CSRF): /fr/invitation/…/"),
        ('"GET /en/answer/aB3-_x/?q=1 HTTP/1.1" 404', (), '"GET /en/answer/…/?q=1 HTTP/1.1" 404'),
        ("%s: %s", ("Not Found", "/en/answering/t/KF1/"), "Not Found: /en/answering/t/KF1/"),
    ],
)
def test_the_secret_of_a_link_is_not_written(message, args, written):
    record = logging.LogRecord("django.request", logging.WARNING, "", 1, message, args, None)

    assert HideLinks().filter(record)
    assert record.getMessage() == written


def test_every_handler_hides_links():
    assert {name: handler["filters"] for name, handler in settings.LOGGING["handlers"].items()} == {"console": ["hide_links"]}
