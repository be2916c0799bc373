"""The addresses of Pitcrew."""

from django.urls import URLPattern, URLResolver, include, path

from pitcrew.web.views import (
    asking,
    conversation,
    doors,
    files,
    history,
    queue,
    search,
    sorting,
    writing,
)

VERBS = {
    "close": sorting.close,
    "reopen": sorting.reopen,
    "assign": sorting.assign,
    "transfer": sorting.transfer,
    "snooze": sorting.snooze,
    "tag": sorting.tag,
    "untag": sorting.untag,
    "spam": sorting.spam,
    "trash": sorting.trash,
    "restore": sorting.restore,
    "merge": sorting.merge,
    "follow": sorting.follow,
    "unfollow": sorting.unfollow,
    "prioritise": sorting.prioritise,
    "rename": sorting.rename,
    "join": sorting.join,
    "stand-alone": sorting.stand_alone,
}

urlpatterns: list[URLPattern | URLResolver] = [
    path("", queue.home, name="home"),
    path("queue/<slug:name>/", queue.show, name="queue"),
    path("conversations/<int:pk>/", conversation.show, name="conversation"),
    path("conversations/<int:pk>/reply/", writing.reply, name="reply"),
    path("conversations/<int:pk>/note/", writing.note, name="note"),
    path("conversations/<int:pk>/draft/", writing.draft, name="draft"),
    path("conversations/<int:pk>/upload/", writing.upload, name="upload"),
    path("conversations/<int:pk>/canned/", writing.canned, name="canned"),
    *[path(f"conversations/{verb}/", view, name=verb) for verb, view in VERBS.items()],
    path("ask/<slug:what>/", asking.ask, name="ask"),
    path("mails/<int:pk>/", files.mail, name="mail"),
    path("attachments/<int:pk>/", files.attachment, name="attachment"),
    path("attachments/<int:pk>/picture/", files.picture, name="picture"),
    path("search/", search.search, name="search"),
    path("history/", history.history, name="history"),
    path("history/<int:pk>/", history.operation, name="operation"),
    path("history/undo/", history.undo, name="undo"),
    path("sign-in/once/<str:token>/", doors.sign_in_once, name="sign-in-once"),
    path("", include("pitcrew.web.settings_urls")),
    path("", include("pitcrew.web.promise_urls")),
    path("", include("pitcrew.web.relay_urls")),
    path("", include("pitcrew.web.outside_urls")),
    path("", include("pitcrew.web.problem_urls")),
    path("", include("pitcrew.web.links_urls")),
]

handler429 = "pitcrew.web.signing_in.too_many"
handler500 = "pitcrew.web.middleware.failed"
handler404 = "pitcrew.web.middleware.missing"
