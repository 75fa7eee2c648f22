"""The addresses of the API below `/api/v1/`; what is none of them is refused in its form, too."""

from __future__ import annotations

from django.urls import URLPattern, re_path

from broadsheet.api.v1 import errors
from broadsheet.api.v1.answers import in_our_form
from broadsheet.api.v1.interface import api

urlpatterns, app_name, _ = api.urls
for pattern in urlpatterns:
    if isinstance(pattern, URLPattern):
        pattern.callback = in_our_form(pattern.callback)
urlpatterns.append(re_path("", errors.unknown_address))
