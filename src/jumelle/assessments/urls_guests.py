"""For people without an account: the link from the mail, and the questionnaire that it opens in this browser."""

from django.urls import path

from jumelle.assessments.urls_asked import questionnaire
from jumelle.assessments.views import asked, link

app_name = "answering"

urlpatterns = [
    path("answer/<str:token>/", link.link, name="link"),
    path("answering/leave/", asked.leave, name="leave"),
    *questionnaire("answering/"),
]
