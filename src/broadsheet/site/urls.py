"""The addresses of the site, and the pages for what goes wrong."""

from __future__ import annotations

from django.urls import include, path

from broadsheet.api.v1 import api
from broadsheet.site import health
from broadsheet.web import errors

urlpatterns = [
    path("healthz", health.healthz),
    path("metrics", health.metrics),
    path("api/v1/", api.urls),
    path("", include("broadsheet.web.urls")),
]
handler400 = errors.bad_request
handler404 = errors.not_found
handler500 = errors.server_error
