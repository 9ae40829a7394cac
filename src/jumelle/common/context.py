"""What every page needs to know about itself: its languages, its direction, its fonts."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language, get_language_info

SCRIPT_FONTS = {"ar": "arabic", "fa": "arabic", "ps": "arabic", "ti": "ethiopic", "am": "ethiopic"}


def page(request: HttpRequest) -> dict[str, Any]:
    code = get_language() or settings.LANGUAGE_CODE
    info = get_language_info(code)
    font = SCRIPT_FONTS.get(code)
    return {
        "languages": [language(request, known) for known, _ in settings.LANGUAGES],
        "language_code": code,
        "text_direction": "rtl" if info["bidi"] else "ltr",
        "language_is_draft": code in settings.DRAFT_LANGUAGES,
        "script_fonts": [font] if font else [],
        "safe_exit_url": settings.SAFE_EXIT_URL,
        "demo": settings.DEMO,
        "contact_email": settings.CONTACT_EMAIL,
    }


def language(request: HttpRequest, code: str) -> dict[str, Any]:
    info = get_language_info(code)
    address = request.get_full_path() if request.method == "GET" else request.path
    return {
        "code": code,
        "name_local": info["name_local"],
        "dir": "rtl" if info["bidi"] else "ltr",
        "draft": code in settings.DRAFT_LANGUAGES,
        "url": translate_url(address, code),
    }
