"""What people take with them when they leave; it goes with them by itself."""

from __future__ import annotations

from broadsheet.accounts import exporting
from broadsheet.library.models import Follow

exporting.files["follows"] = lambda person: Follow.objects.filter(person=person).values(
    "kind", "name", "since"
)
