from django.urls import include, path

from jumelle.assessments.views import agreeing, answering, course, divergence, evidence, offline, results, rounds, upgrade

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
    path("<uuid:pk>/round/", rounds.round, name="round"),
    path("<uuid:pk>/round/start/", rounds.start, name="round_start"),
    path("<uuid:pk>/round/last-day/", rounds.last_day, name="round_last_day"),
    path("<uuid:pk>/round/invite/", rounds.invite, name="round_invite"),
    path("<uuid:pk>/round/people/<uuid:respondent>/again/", rounds.again, name="round_again"),
    path("<uuid:pk>/round/people/<uuid:respondent>/withdraw/", rounds.withdraw, name="round_withdraw"),
    path("<uuid:pk>/round/open/", rounds.open_answers, name="round_open"),
    path("<uuid:pk>/round/close/", rounds.close, name="round_close"),
    path("<uuid:pk>/round/<uuid:round>/divergence/", divergence.divergence, name="divergence"),
    path("<uuid:pk>/round/<uuid:round>/sheet/", divergence.sheet, name="sheet"),
    path("<uuid:pk>/round/<uuid:round>/project/<str:code>/", divergence.project, name="project"),
    path("<uuid:pk>/round/<uuid:round>/agree/", agreeing.agree_as_said, name="agree_as_said"),
    path("<uuid:pk>/round/<uuid:round>/agree/<str:code>/", agreeing.agree, name="agree"),
    path("<uuid:pk>/upgrade/", upgrade.upgrade, name="upgrade"),
    path("<uuid:pk>/upgrade/undo/", upgrade.undo, name="upgrade_undo"),
    path("<uuid:pk>/archive/", upgrade.archive, name="archive"),
    path("<uuid:pk>/record.json", upgrade.record, name="record"),
    path("<uuid:pk>/finish/", course.finish, name="finish"),
    path("<uuid:pk>/reopen/", course.reopen, name="reopen"),
    path("<uuid:pk>/offline/", offline.download, name="offline"),
    path("<uuid:pk>/offline/import/", offline.upload, name="offline_import"),
]
