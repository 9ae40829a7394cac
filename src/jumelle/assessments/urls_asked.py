"""The questionnaire of one respondent: once for people with an account, once for guests (`urls_guests`)."""

from django.urls import URLPattern, path

from jumelle.assessments.views import asked

app_name = "asked"


def questionnaire(base: str) -> list[URLPattern]:
    return [
        path(base, asked.overview, name="overview"),
        path(f"{base}t/<str:code>/", asked.theme, name="theme"),
        path(f"{base}save/<str:code>/", asked.answer, name="answer"),
        path(f"{base}send-in/", asked.send_in, name="send_in"),
        path(f"{base}done/", asked.done, name="done"),
    ]


urlpatterns = questionnaire("")
