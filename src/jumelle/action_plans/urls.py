from django.urls import path

from jumelle.action_plans.views import follow_up, gaps, importing, lines, plans, talking, versions, writing

app_name = "action_plans"

urlpatterns = [
    path("", plans.plans, name="list"),
    path("new/", plans.new, name="new"),
    path("from/<uuid:pk>/", gaps.from_gaps, name="from_gaps"),
    path("<uuid:pk>/", plans.overview, name="overview"),
    path("<uuid:pk>/header/", plans.header, name="header"),
    path("<uuid:pk>/public/", plans.public, name="public"),
    path("<uuid:pk>/revise/", plans.revise, name="revise"),
    path("<uuid:pk>/put-away/", plans.put_away, name="put_away"),
    path("<uuid:pk>/follow-up/", follow_up.follow_up, name="follow_up"),
    path("<uuid:pk>/look/", follow_up.look, name="look"),
    path("<uuid:pk>/timeline/", follow_up.timeline, name="timeline"),
    path("<uuid:pk>/import/", importing.upload, name="import"),
    path("<uuid:pk>/lines/new/", writing.line_new, name="line_new"),
    path("<uuid:pk>/lines/<uuid:line>/", lines.line, name="line"),
    path("<uuid:pk>/lines/<uuid:line>/edit/", writing.line_edit, name="line_edit"),
    path("<uuid:pk>/lines/<uuid:line>/history/", lines.history, name="history"),
    path("<uuid:pk>/lines/<uuid:line>/told/", follow_up.told, name="told"),
    path("<uuid:pk>/lines/<uuid:line>/move/", lines.move, name="move"),
    path("<uuid:pk>/lines/<uuid:line>/remove/", lines.remove, name="remove"),
    path("<uuid:pk>/lines/<uuid:line>/restore/", lines.restore, name="restore"),
    path("<uuid:pk>/lines/<uuid:line>/note/", lines.note, name="note"),
    path("<uuid:pk>/lines/<uuid:line>/origins/", lines.origin_add, name="origin_add"),
    path("<uuid:pk>/lines/<uuid:line>/origins/<uuid:origin>/remove/", lines.origin_remove, name="origin_remove"),
    path("<uuid:pk>/lines/<uuid:line>/comments/", talking.comment, name="comment"),
    path("<uuid:pk>/lines/<uuid:line>/comments/<uuid:comment>/answer/", talking.comment_answer, name="comment_answer"),
    path("<uuid:pk>/lines/<uuid:line>/comments/<uuid:comment>/withdraw/", talking.comment_withdraw, name="comment_withdraw"),
    path("<uuid:pk>/versions/", versions.versions, name="versions"),
    path("<uuid:pk>/versions/<int:number>/", versions.version, name="version"),
    path("<uuid:pk>/versions/<int:number>/approve/", versions.approve, name="approve"),
    path("<uuid:pk>/versions/<int:number>/document/", versions.document, name="document"),
    path("<uuid:pk>/compare/", versions.compare, name="compare"),
]
