"""
What the durability tests need to do inside an installation; each in a process of its own, with the installation's settings.

    python tests/durability/inside.py people      sign four officers in; print their sessions and what they answer, as JSON
    python tests/durability/inside.py answers     print every note that is stored, and the revision of each answer, as JSON
"""

import json
import sys

import django

TOOLKIT = "language-learning-support"
CODES = ("KF1.Q1", "KF2.Q1", "KF3.Q1", "KF4.Q1")


def people() -> dict[str, object]:
    from django.test import Client  # noqa: PLC0415 (Django is set up first)

    from jumelle.accounts.models import User  # noqa: PLC0415
    from jumelle.accounts.second_factor import SESSION_FLAG  # noqa: PLC0415
    from jumelle.assessments.models import Assessment  # noqa: PLC0415
    from jumelle.cities.models import City  # noqa: PLC0415
    from jumelle.cities.tenancy import city_scope  # noqa: PLC0415

    city = City.objects.get(slug="aubrelle")
    with city_scope(city.id):
        assessment = Assessment.objects.filter(toolkit_version__toolkit__slug=TOOLKIT, finished_at=None).order_by("pk")[0]
    sessions = []
    for _ in CODES:
        client = Client()
        client.force_login(User.objects.get(email="officer@example.org"), backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.session
        session[SESSION_FLAG] = True
        session.save()
        sessions.append(session.session_key)
    return {"address": f"/en/w/{city.slug}/assessments/{assessment.pk}/answer/", "sessions": sessions, "codes": CODES}


def answers() -> dict[str, object]:
    from jumelle.assessments.models import Answer, AnswerRevision, Assessment  # noqa: PLC0415
    from jumelle.cities.tenancy import every_city  # noqa: PLC0415

    with every_city("a durability test reads what is stored"):
        notes = [row.note for model in (Answer, AnswerRevision) for row in model.objects.all()]
        assessment = Assessment.objects.filter(toolkit_version__toolkit__slug=TOOLKIT, finished_at=None).order_by("pk")[0]
        revisions = dict(Answer.objects.filter(assessment=assessment).values_list("item_code", "revision"))
    return {"notes": notes, "revisions": revisions}


if __name__ == "__main__":
    django.setup()
    print(json.dumps({"people": people, "answers": answers}[sys.argv[1]]()))
