"""The addresses below /api/ that Hugging Face's client asks; whatever else is there is not found in JSON."""

from __future__ import annotations

from django.urls import path, re_path

from broadsheet.api.huggingface import people, views, writing

urlpatterns = [
    path("daily_papers", views.daily_papers, name="hf_daily_papers"),
    path("papers", views.papers, name="hf_papers"),
    path("papers/search", views.search, name="hf_search"),
    path("whoami-v2", people.whoami, name="hf_whoami"),
    path("users/<str:name>/overview", people.overview, name="hf_person"),
    path("users/<str:name>/followers", people.follows, name="hf_followers"),
    path("users/<str:name>/following", people.follows, name="hf_following"),
    path("papers/index", writing.index, name="hf_index"),
    path("papers/submit", writing.submit, name="hf_submit"),
    re_path(r"^papers/(?P<name>.+)/comments?\Z", writing.comment, name="hf_comment"),
    re_path(r"^papers/(?P<name>.+)/comments?/(?P<to>\w+)/reply\Z", writing.reply, name="hf_reply"),
    re_path(r"^papers/(?P<name>.+)/links\Z", writing.links, name="hf_links"),
    path("settings/papers/claim", writing.claim, name="hf_claim"),
    path("papers/<path:name>", views.paper, name="hf_paper"),
    path("arxiv/<path:name>/repos", views.repositories, name="hf_repositories"),
    path("agent-harnesses", views.agent_harnesses, name="hf_agent_harnesses"),
    re_path("", views.unknown, name="hf_unknown"),
]
