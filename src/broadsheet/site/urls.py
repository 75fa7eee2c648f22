"""The addresses of the site, and the pages for what goes wrong."""

from __future__ import annotations

from django.urls import include, path, re_path

from broadsheet.api.arxiv import views as arxiv
from broadsheet.api.mcp import bridge
from broadsheet.api.v1 import errors as v1
from broadsheet.api.v1 import reference
from broadsheet.site import errors, health
from broadsheet.web import errors as pages
from broadsheet.web import operators

urlpatterns = [
    path("healthz", health.healthz),
    path("metrics", health.metrics),
    path("api/docs", reference.page, name="api_docs"),
    path("api/v1", v1.unknown_address),
    path("api/v1/", include("broadsheet.api.v1.urls", namespace="api")),
    re_path("^mcp/?$", bridge.endpoint, name="mcp"),
    path("api/query", arxiv.query, name="arxiv-query"),
    path("api/", include("broadsheet.api.huggingface.urls")),
    path("admin/", operators.site.urls),
    path("", include("broadsheet.web.urls")),
]
handler400 = errors.bad_request
handler403 = pages.forbidden
handler429 = pages.too_many
handler404 = pages.not_found
handler500 = errors.server_error
