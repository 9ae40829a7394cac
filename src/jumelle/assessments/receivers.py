"""Turns news of the assessments into mails: neutral subject, three sentences, one link."""

from datetime import date
from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from jumelle.assessments.models import Respondent
from jumelle.assessments.signals import respondent_invited
from jumelle.notifications.tasks import interface_language, post_mail


@receiver(respondent_invited)
def mail_respondent(respondent: Respondent, email: str, token: str, language: str, until: date, **kwargs: Any) -> None:
    """Neither the city nor what is asked stands in it: the mail may be read by others."""
    with override(interface_language([language])):
        context = {"link": settings.PUBLIC_ADDRESS + path_for(respondent, token), "until": until, "has_account": not token}
        post_mail(email, _("Some questions for you"), "assessments/mail/respondent.txt", context)


def path_for(respondent: Respondent, token: str) -> str:
    if token:
        return reverse("answering:link", kwargs={"token": token})
    return reverse("assessments:asked:overview", kwargs={"city": respondent.city.slug, "pk": respondent.pk})
