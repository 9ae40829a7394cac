"""Turns news of lower domains into mails: neutral subject, three sentences, one link."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from jumelle.cities.models import BreakGlass, Invitation
from jumelle.cities.signals import break_glass_opened, invitation_created
from jumelle.notifications.tasks import interface_language, post_mail


@receiver(invitation_created)
def mail_invitation(invitation: Invitation, email: str, token: str, language: str, **kwargs: Any) -> None:
    with override(interface_language([language])):
        link = settings.PUBLIC_ADDRESS + reverse("workspace:invitation", kwargs={"token": token})
        context = {"link": link, "expires_at": invitation.expires_at}
        post_mail(email, _("An invitation for you"), "notifications/invitation.txt", context)


@receiver(break_glass_opened)
def mail_break_glass(access: BreakGlass, **kwargs: Any) -> None:
    city = access.city
    with override(interface_language(city.languages)):
        link = settings.PUBLIC_ADDRESS + reverse("workspace:journal", kwargs={"city": city.slug})
        context = {"link": link, "access": access}
        post_mail(city.contact_email, _("Emergency access to your city in Jumelle"), "notifications/break_glass.txt", context)
