"""The addresses of our pages. None ends with a slash; an identifier in one may hold slashes and colons."""

from __future__ import annotations

from django.urls import path, re_path

from broadsheet.web import about, asking, categories, editions, errors, people, searching, similar

urlpatterns = [
    re_path("\0", errors.unreadable),
    path("", editions.front, name="front"),
    re_path("^(?P<path>.+)/$", errors.without_slash),
    path("papers", searching.papers, name="search"),
    path("papers/date/<str:name>", editions.period, {"kind": "day"}, name="day"),
    path("papers/week/<str:name>", editions.period, {"kind": "week"}, name="week"),
    path("papers/month/<str:name>", editions.period, {"kind": "month"}, name="month"),
    path("papers/trending", editions.trending, name="trending"),
    path("papers/ask", asking.ask, name="ask"),
    path("papers/<path:name>/similar", similar.similar, name="similar"),
    path("papers/<path:name>", asking.paper, name="paper"),
    path("categories", categories.categories, name="categories"),
    path("categories/<path:code>", categories.category, name="category"),
    path("organizations", people.organizations, name="organizations"),
    path("organizations/<str:slug>", people.organization, name="organization"),
    path("authors/<str:slug>", people.author, name="author"),
    path("about/ranking", about.about_ranking, name="ranking"),
    path("status", about.status, name="status"),
    path("status/fetch", about.fetch_again, name="fetch_again"),
    path("robots.txt", about.robots),
    path("favicon.ico", about.favicon),
]
