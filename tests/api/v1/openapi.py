"""The OpenAPI document as a program reads it that sends requests made from it."""

from __future__ import annotations

import schemathesis
from django.core.wsgi import get_wsgi_application
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

load_all_checks()
EVERY_CHECK = CHECKS.get_all()
WHERE_TOLD = CHECKS.get_by_names(["positive_data_acceptance"])
described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
described.config.generation.update(modes=list(GenerationMode))
document = described.raw_schema
OPERATIONS = [(path, method) for path, methods in document["paths"].items() for method in methods]
