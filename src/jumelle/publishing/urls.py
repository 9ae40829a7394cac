from django.urls import include, path

from jumelle.publishing import plan_views, views

app_name = "publishing"

summary = [
    path("", views.summary, name="summary"),
    path("summary.pdf", views.summary_pdf, name="summary_pdf"),
    path("summary.docx", views.summary_docx, name="summary_docx"),
    path("summary.xlsx", views.summary_xlsx, name="summary_xlsx"),
]
plan = [
    path("plan.pdf", plan_views.plan_pdf, name="plan_pdf"),
    path("plan.docx", plan_views.plan_docx, name="plan_docx"),
    path("plan.xlsx", plan_views.plan_xlsx, name="plan_xlsx"),
    path("plan.json", plan_views.plan_json, name="plan_json"),
    path("plan.ics", plan_views.plan_ics, name="plan_ics"),
    path("blank.xlsx", plan_views.plan_blank, name="plan_blank"),
]
urlpatterns = [
    path("assessments/<uuid:pk>/summary/", include(summary)),
    path("assessments/<uuid:pk>/round/<uuid:round>/sheet.pdf", views.meeting_sheet_pdf, name="meeting_sheet_pdf"),
    path("plans/<uuid:pk>/", include(plan)),
]
