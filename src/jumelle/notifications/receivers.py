"""Turns news of lower domains into mails: neutral subject, three sentences, one link."""

from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction
from django.dispatch import receiver
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from jumelle.cities.models import BreakGlass, Invitation
from jumelle.cities.signals import break_glass_opened, invitation_created
from jumelle.notifications import operations, tasks


def interface_language(wanted: list[str]) -> str:
    """The first of the wanted languages that the interface has; mails and their links need one that it has."""
    known = [code for code, _name in settings.LANGUAGES]
    return next((code for code in wanted if code in known), settings.LANGUAGE_CODE)


def queue(to: str, subject: str, template: str, context: dict[str, Any]) -> None:
    body = render_to_string(template, context)
    mail = operations.queue_mail(to=to, subject=subject, body=body, now=timezone.now())
    transaction.on_commit(partial(tasks.send_mail.enqueue, str(mail.id)))


@receiver(invitation_created)
def mail_invitation(invitation: Invitation, email: str, token: str, language: str, **kwargs: Any) -> None:
    with override(interface_language([language])):
        link = settings.PUBLIC_ADDRESS + reverse("workspace:invitation", kwargs={"token": token})
        context = {"link": link, "expires_at": invitation.expires_at}
        queue(email, _("An invitation for you"), "notifications/invitation.txt", context)


@receiver(break_glass_opened)
def mail_break_glass(access: BreakGlass, **kwargs: Any) -> None:
    city = access.city
    with override(interface_language(city.languages)):
        link = settings.PUBLIC_ADDRESS + reverse("workspace:journal", kwargs={"city": city.slug})
        context = {"link": link, "access": access}
        queue(city.contact_email, _("Emergency access to your city in Jumelle"), "notifications/break_glass.txt", context)
