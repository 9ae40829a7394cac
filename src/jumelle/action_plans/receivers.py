"""Turns news of the plans into mails: neutral subject, three sentences, one link."""

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from jumelle.action_plans.models import Plan
from jumelle.action_plans.signals import plan_waits
from jumelle.notifications.tasks import interface_language, post_mail


@receiver(plan_waits)
def mail_reminder(plan: Plan, to_tell: bool, **kwargs: Any) -> None:
    """To the address of the service. Nothing of the plan stands in it, not even its title."""
    with override(interface_language(plan.city.languages)):
        name = "action_plans:follow_up" if to_tell else "action_plans:look"
        link = settings.PUBLIC_ADDRESS + reverse(name, kwargs={"city": plan.city.slug, "pk": plan.pk})
        context = {"link": link, "to_tell": to_tell}
        post_mail(plan.city.contact_email, _("A page waits for you in Jumelle"), "action_plans/mail/reminder.txt", context)
