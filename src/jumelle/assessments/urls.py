from django.urls import include, path

from jumelle.assessments.views import answering, course, evidence, offline, results

app_name = "assessments"

urlpatterns = [
    path("", course.assessments, name="list"),
    path("new/", course.new, name="new"),
    path("asked/<uuid:pk>/", include("jumelle.assessments.urls_asked")),
    path("<uuid:pk>/", course.overview, name="overview"),
    path("<uuid:pk>/t/<str:code>/", answering.theme, name="theme"),
    path("<uuid:pk>/all/", answering.all_items, name="all"),
    path("<uuid:pk>/answer/<str:code>/", answering.answer, name="answer"),
    path("<uuid:pk>/history/<str:code>/", answering.history, name="history"),
    path("<uuid:pk>/evidence/<uuid:evidence>/file/", evidence.file, name="evidence_file"),
    path("<uuid:pk>/evidence/<uuid:evidence>/remove/", evidence.remove, name="evidence_remove"),
    path("<uuid:pk>/evidence/<uuid:evidence>/restore/", evidence.restore, name="evidence_restore"),
    path("<uuid:pk>/evidence/<str:code>/", evidence.evidence, name="evidence"),
    path("<uuid:pk>/results/", results.results, name="results"),
    path("<uuid:pk>/factors/", results.factors, name="factors"),
    path("<uuid:pk>/finish/", course.finish, name="finish"),
    path("<uuid:pk>/reopen/", course.reopen, name="reopen"),
    path("<uuid:pk>/offline/", offline.download, name="offline"),
    path("<uuid:pk>/offline/import/", offline.upload, name="offline_import"),
]
