from django.urls import path

from jumelle.workspace.views import account, association, city, group, operator, people

app_name = "workspace"

urlpatterns = [
    path("w/", account.places, name="places"),
    path("w/second-factor/", account.second_factor, name="second_factor"),
    path("w/me/", account.me, name="me"),
    path("w/me/data/", account.my_data, name="my_data"),
    path("invitation/<str:token>/", account.invitation, name="invitation"),
    path("w/<slug:city>/", city.home, name="city"),
    path("w/<slug:city>/profile/", city.profile, name="profile"),
    path("w/<slug:city>/organisations/add/", city.add_organisation, name="add_organisation"),
    path("w/<slug:city>/journal/", city.journal, name="journal"),
    path("w/<slug:city>/people/", people.people, name="people"),
    path("w/<slug:city>/people/invite/", people.invite, name="invite"),
    path("w/<slug:city>/people/invitations/<uuid:pk>/withdraw/", people.withdraw, name="withdraw"),
    path("w/<slug:city>/people/<uuid:pk>/end/", people.end, name="end_membership"),
    path("w/<slug:city>/group/", group.groups, name="groups"),
    path("w/<slug:city>/group/<uuid:pk>/", group.group, name="group"),
    path("w/<slug:city>/group/<uuid:pk>/seats/", group.seat, name="group_seat"),
    path("w/<slug:city>/group/<uuid:pk>/seats/<uuid:seat>/end/", group.seat_end, name="group_seat_end"),
    path("w/<slug:city>/group/<uuid:pk>/meetings/", group.meeting, name="group_meeting"),
    path("w/<slug:city>/group/<uuid:pk>/meetings/<uuid:meeting>/", group.outcome, name="group_outcome"),
    path("w/<slug:city>/group/<uuid:pk>/rest/", group.rest, name="group_rest"),
    path("a/<slug:association>/", association.home, name="association"),
    path("operator/", operator.home, name="operator"),
    path("operator/break-glass/<slug:city_slug>/", operator.break_glass, name="break_glass"),
    path("operator/break-glass/<uuid:pk>/close/", operator.close_break_glass, name="close_break_glass"),
]
