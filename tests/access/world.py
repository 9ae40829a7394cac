"""Two cities with the same kinds of things in them, a person for every role, and a canary in every field that could leak."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.utils import timezone

from jumelle.accounts.models import User
from jumelle.assessments.models import Answer, AnswerRevision, Assessment, ChosenFactor, Evidence, Respondent
from jumelle.cities.enums import AssociationRole, Role
from jumelle.cities.models import Association, BreakGlass, City, District, Invitation, Membership
from jumelle.cities.tenancy import city_scope
from jumelle.cities.tests import factories
from jumelle.toolkits.enums import VersionStatus
from jumelle.toolkits.models import ToolkitVersion
from jumelle.toolkits.operations import load_package
from jumelle.toolkits.package.build import package_from_content
from jumelle.toolkits.package.yaml_folder import read_folder
from tests.access import world_comparison, world_discussion, world_group, world_plan, world_plan_files, world_public_plan, world_round

CITY_ROLES = tuple(Role.values)
ASSOCIATION_ROLES = tuple(AssociationRole.values)
ROLES = ("visitor", *CITY_ROLES, *ASSOCIATION_ROLES, "operator", "break_glass", "respondent")
START, END = date(2026, 1, 1), date(2026, 12, 31)


@dataclass
class CityWorld:
    """One city, full of canaries: strings that stand nowhere else."""

    city: City
    association: Association
    people: dict[str, User]
    assessment: Assessment
    finished: Assessment
    provider_assessment: Assessment
    evidence: Evidence
    provider_evidence: Evidence
    invitation: Invitation
    membership: Membership
    removed: Evidence
    provider_removed: Evidence
    draft_toolkit: str
    published_toolkit: str
    access: BreakGlass | None = None
    canaries: list[str] = field(default_factory=list)
    # Who was asked, and what only its author may ever see: by role, with "respondent" for the guest.
    asked: dict[str, Respondent] = field(default_factory=dict)
    guest: Respondent | None = None
    own_answers: dict[str, set[str]] = field(default_factory=dict)
    # What of the other city each role may see, because that city agreed to be compared.
    by_consent: dict[str, set[str]] = field(default_factory=dict)
    # Name of an address, "domain:*" or "name as role" -> arguments of its objects, added by the modules beside this one.
    addresses: dict[str, dict[str, object]] = field(default_factory=dict)

    def arguments_of(self, name: str, role: str = "") -> dict[str, object]:
        keys = (f"{name.partition(':')[0]}:*", name, f"{name} as {role}")
        return {argument: value for key in keys for argument, value in self.addresses.get(key, {}).items()}


def build_city(name: str, version: ToolkitVersion) -> CityWorld:
    canaries: list[str] = []

    def canary(what: str) -> str:
        text = f"{name}{what}{uuid4().hex[:10]}"
        canaries.append(text)
        return text

    association = factories.make_association(f"association-{name.lower()}", name=canary("Association"))
    city = factories.make_city(name.lower(), association, name=canary("City"))
    organisation = factories.make_organisation(city, "provider", name=canary("Organisation"))
    people = {role: factories.make_member(city, role, factories.make_user(canary(role.title().replace("_", "")))) for role in CITY_ROLES}
    people |= {role: factories.make_association_member(association, role) for role in ASSOCIATION_ROLES}
    now = timezone.now()
    with city_scope(city.id):
        Membership.objects.filter(role=Role.PROVIDER_STAFF).update(organisation=organisation)
        District.objects.create(city=city, code="1", name=canary("District"), population=1000, outline=square())
        whole = make_assessment(city, version, people, canary, "city")
        finished = make_assessment(city, version, people, canary, "city", finished_at=now)
        providers = make_assessment(city, version, people, canary, "organisation", organisation=organisation)
        invitation = Invitation.objects.create(
            city=city,
            email_hash=uuid4().hex * 2,
            token_hash=uuid4().hex * 2,
            role=Role.VOLUNTEER,
            invited_by=people[Role.CITY_ADMIN],
            created_at=now,
            expires_at=now + timedelta(days=5),
        )
        membership = Membership.objects.get(role=Role.LEARNER)
        built = CityWorld(
            city=city,
            association=association,
            people=people,
            assessment=whole,
            finished=finished,
            provider_assessment=providers,
            evidence=Evidence.objects.get(assessment=whole, kind="file", removed_at=None),
            provider_evidence=Evidence.objects.get(assessment=providers, kind="file", removed_at=None),
            removed=Evidence.objects.exclude(removed_at=None).get(assessment=whole),
            provider_removed=Evidence.objects.exclude(removed_at=None).get(assessment=providers),
            draft_toolkit=load_toolkit(association, VersionStatus.DRAFT),
            published_toolkit=load_toolkit(association, VersionStatus.PUBLISHED),
            invitation=invitation,
            membership=membership,
            canaries=canaries,
        )
        for part in (world_comparison, world_group, world_plan, world_plan_files, world_public_plan, world_round, world_discussion):
            part.add_to(built, canary)
        return built


def load_toolkit(association: Association, status: VersionStatus) -> str:
    """A toolkit of the association's own, made from a shipped one; returns its id."""
    package = read_folder(settings.CONTENT_DIR / "toolkits" / "action-plan" / "1.0.0")
    content = package.content
    content["package"]["id"] = f"{association.slug}-{status}"
    load_package(package=package_from_content(content), association=association, status=status, now=timezone.now())
    return content["package"]["id"]


def square() -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [[[[4.3, 50.8], [4.4, 50.8], [4.4, 50.9], [4.3, 50.9], [4.3, 50.8]]]]}


def make_assessment(city: City, version: ToolkitVersion, people: dict[str, User], canary: Any, subject: str, **fields: Any) -> Assessment:
    officer, now = people[Role.INTEGRATION_OFFICER], datetime(2026, 3, 1, 9, tzinfo=UTC)
    fields.setdefault("organisation_type", "local_authority" if subject == "city" else "ngo")
    assessment = Assessment.objects.create(
        city=city,
        toolkit_version=version,
        subject=subject,
        subject_name=canary("Subject"),
        themes=["KF1", "KF8", "CF"],
        period_start_on=START,
        period_end_on=END,
        started_by=officer,
        started_at=now,
        **fields,
    )
    answer = Answer.objects.create(
        city=city,
        assessment=assessment,
        item_code="KF1.Q1",
        value="partly",
        note=canary("Note"),
        wording={"fr": "…", "en": "…"},
        revision=2,
        answered_by=officer,
        answered_at=now,
    )
    AnswerRevision.objects.create(
        city=city, answer=answer, revision=1, value="no", note=canary("Earlier"), answered_by=officer, answered_at=now
    )
    common = {"city": city, "assessment": assessment, "item_code": "KF1.Q1", "dated_on": START, "added_by": officer, "added_at": now}
    Evidence.objects.create(kind="link", title=canary("Link"), url=f"https://example.org/{canary('Url')}", audience="city", **common)
    proof = Evidence(kind="file", title=canary("File"), file_name=f"{canary('Name')}.txt", sha256="0" * 64, audience="city", **common)
    proof.file.save(f"{uuid4().hex}.txt", ContentFile(canary("Content").encode()))
    Evidence.objects.create(kind="link", title=canary("Removed"), url="https://example.org/", removed_at=now, audience="city", **common)
    ChosenFactor.objects.create(
        city=city, assessment=assessment, section_code="KF1", reason=canary("Reason"), chosen_by=officer, chosen_at=now
    )
    return assessment
