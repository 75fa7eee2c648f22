"""The addresses of the API below `/api/v1/`; what is none of them is refused in its form, too."""

from __future__ import annotations

from django.urls import URLPattern, re_path
from django.views.decorators.http import require_GET

from broadsheet.api.v1 import errors
from broadsheet.api.v1.interface import api
from broadsheet.api.v1.requests import in_our_form
from broadsheet.http.keeping import LISTS, kept

# What many ask for, that only a change to the catalogue or another day changes.
KEPT = {"edition_days", "edition", "trending", "organizations", "categories"}
PARAMETERS = ("as_of", "cursor", "fields", "limit", "offset", "over", "since", "until")

urlpatterns, app_name, _ = api.urls
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern):
        view = pattern.callback
        if pattern.name in KEPT:
            view = require_GET(kept(seconds=LISTS, reads=PARAMETERS)(view))
        elif pattern.name == "openapi-json":  # ninja's own, which does not look at the method
            view = require_GET(view)
        pattern.callback = in_our_form(view)
urlpatterns.append(re_path("", errors.unknown_address))
