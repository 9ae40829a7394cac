from django.urls import path

from jumelle.publishing import views

app_name = "publishing"

urlpatterns = [
    path("", views.summary, name="summary"),
    path("summary.pdf", views.summary_pdf, name="summary_pdf"),
    path("summary.docx", views.summary_docx, name="summary_docx"),
    path("summary.xlsx", views.summary_xlsx, name="summary_xlsx"),
]
