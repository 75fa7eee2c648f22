"""Whose token a version of the client has, and how it reads a paper alone and on the list of a day, as JSON; run with
that version on the path.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import huggingface_hub


def told(info: Any) -> dict[str, Any]:
    return {
        "id": info.id,
        "title": info.title,
        "upvotes": info.upvotes,
        "comments": info.comments,
        "authors": [getattr(one, "name", one) for one in info.authors],
        "published_at": str(info.published_at),
        "submitted_at": str(info.submitted_at),
        "submitted_by": info.submitted_by.username,
    }


def main(endpoint: str, token: str, name: str, day: str) -> None:
    api = huggingface_hub.HfApi(endpoint=endpoint, token=token)
    whoami = api.whoami()
    # The oldest version knows no lists of days, and reads the same from a search.
    has_days = hasattr(api, "list_daily_papers")
    listed = api.list_daily_papers(date=day) if has_days else api.list_papers(query="paper number")
    said = {
        "version": huggingface_hub.__version__,
        "whoami": [whoami[field] for field in ("type", "name", "fullname", "email", "orgs")],
        "alone": told(api.paper_info(name)),
        "listed": [told(one) for one in listed if one.id == name],
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
