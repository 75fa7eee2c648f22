"""The addresses of the API below `/api/v1/`; what is none of them is refused in its form, too."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from broadsheet.api.v1 import errors
from broadsheet.api.v1.answers import in_our_form
from broadsheet.api.v1.interface import api
from broadsheet.papers.keeping import kept

# What many ask for, that only a change to the catalogue or another day changes.
KEPT = {"edition", "trending", "organizations", "categories"}
KEPT_FOR = 3600

urlpatterns, app_name, _ = api.urls
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern):
        view = kept(seconds=KEPT_FOR)(pattern.callback) if pattern.name in KEPT else pattern.callback
        pattern.callback = in_our_form(view)
urlpatterns.append(re_path("", errors.unknown_address))
