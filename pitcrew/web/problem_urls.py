"""The addresses of root causes and of victories."""

from django.urls import URLPattern, path

from pitcrew.web.views import answering_all, problem_acts, problems, victories

VERBS = {
    "own": problem_acts.own,
    "workaround": problem_acts.workaround,
    "claim": problem_acts.claim,
    "watch": problem_acts.watch,
    "evidence": problem_acts.evidence,
    "reopen": problem_acts.reopen,
    "settle": problem_acts.settle,
    "describe": problem_acts.describe,
    "move": problem_acts.move,
    "rule": problem_acts.rule,
    "merge": problem_acts.merge,
    "drop": problem_acts.drop,
    "hand-over": problem_acts.hand_over,
    "follow-up": problem_acts.follow_up,
    "link": problem_acts.link,
    "unlink": problem_acts.unlink,
}

urlpatterns: list[URLPattern] = [
    path("problems/", problems.index, name="problems"),
    path("problems/new/", problems.new, name="problem-new"),
    path("problems/<int:pk>/", problems.show, name="problem"),
    path("problems/<int:pk>/answer/", answering_all.write, name="problem-answer"),
    *[path(f"problems/<int:pk>/{verb}/", view, name=f"problem-{verb}") for verb, view in VERBS.items()],
    path("problems/evidence/<int:pk>/", problems.photo, name="problem-photo"),
    path("problems/evidence/<int:pk>/remove/", problem_acts.remove_evidence, name="problem-evidence-remove"),
    path("problems/sightings/<int:pk>/dismiss/", problem_acts.dismiss, name="problem-dismiss"),
    path("conversations/problem/", problem_acts.belongs, name="part-of-problem"),
    path("victories/", victories.index, name="victories"),
    path("victories/<int:pk>/<slug:side>/", victories.rows, name="victory-rows"),
]
