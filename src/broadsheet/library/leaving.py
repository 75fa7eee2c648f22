"""What people take with them when they leave; it goes with them by itself."""

from __future__ import annotations

from broadsheet.accounts import exporting
from broadsheet.library.models import Follow, Ignored, ListFeed

exporting.files["follows"] = lambda person: Follow.objects.filter(person=person).values(
    "kind", "name", "since"
)
exporting.files["left-out"] = lambda person: Ignored.objects.filter(person=person).values(
    "kind", "value", "since"
)
exporting.files["list-feeds"] = lambda person: ListFeed.objects.filter(person=person).values(
    "name", "wanted", "made_at"
)
