"""Every page that a person can open, as (name, role, address), from the policy table."""

from collections.abc import Iterator

from django.conf import settings
from django.test import Client

from jumelle.cities.access import read_policies
from jumelle.cities.tests.fixtures import sign_in
from tests.access.test_matrix import address
from tests.access.world import CityWorld
from tests.access.world_round import hold_pass

# Files, redirects and pages that are only met in the middle of signing in.
NOT_A_PAGE = {
    "choose_language",
    "health",
    "robots",
    "favicon",
    "workspace:my_data",
    "toolkits:workbook",
    "toolkits:folder",
    "toolkits:schema",
    "toolkits_manage:blank",
    "toolkits:item",
    "answering:done",  # the guest of the world has not sent in
    "assessments:offline",
    "assessments:record",
    "assessments:evidence_file",
    "publishing:summary_pdf",
    "publishing:summary_docx",
    "publishing:summary_xlsx",
    "publishing:meeting_sheet_pdf",
    "action_plans:document",
    "publishing:plan_pdf",
    "publishing:plan_docx",
    "publishing:plan_xlsx",
    "publishing:plan_json",
    "publishing:plan_ics",
    "publishing:plan_blank",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "mfa_trust",
    "mfa_download_recovery_codes",
    "mfa_view_recovery_codes",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_signup_webauthn",
    "mfa_reauthenticate_webauthn",
    "account_confirm_login_code",
    "account_email_verification_sent",
    "account_inactive",
}
PREFERRED = ("city_admin", "integration_officer", "association_officer", "operator", "break_glass", "provider_staff")


def pages(world: CityWorld) -> Iterator[tuple[str, str, str]]:
    for policy in read_policies(settings.ACCESS_POLICY).values():
        if policy.method != "GET" or policy.audience == "nobody" or policy.name in NOT_A_PAGE:
            continue
        if policy.audience == "public":
            yield policy.name, "visitor", address(policy, world, "visitor")
            continue
        if policy.audience == "guest":
            yield policy.name, "respondent", address(policy, world, "respondent")
            continue
        role = next((role for role in PREFERRED if role in policy.roles), "integration_officer")
        yield policy.name, role, address(policy, world, role)


def session_cookie(world: CityWorld, role: str) -> str | None:
    """The session of a signed-in person with a second factor, or of a guest, to hand to a browser."""
    if role == "visitor":
        return None
    client = hold_pass(Client(), world) if role == "respondent" else sign_in(Client(), world.people[role])
    return client.cookies[settings.SESSION_COOKIE_NAME].value
