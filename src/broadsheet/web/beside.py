"""What pages of papers, authors, organizations and categories say beside what is kept: who claimed to be
whom, and the forms of whoever reads them. It fills holes whose keys are a kind and a name.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import get_template
from django.utils import timezone

from broadsheet.accounts import access
from broadsheet.accounts.access import Viewer
from broadsheet.community import claiming, curating, here
from broadsheet.http.holes import Key
from broadsheet.library import following, ignoring
from broadsheet.papers import authors, tables
from broadsheet.papers.models import Authorship
from broadsheet.papers.record import LINK_KINDS
from broadsheet.web import beside_topics, shelved


def of(keys: Sequence[str], viewer: Viewer) -> dict[Key, str]:
    """What fills the holes of these keys, as HTML."""
    marks = [key for key in keys if key.startswith("new ")]
    # What has no name of anything is said by the request alone.
    filled: dict[Key, str] = {key: _of(key, viewer) for key in keys if " " in key and key not in marks}
    return filled | beside_topics.marks(marks, viewer) if marks else filled


def _of(key: str, viewer: Viewer) -> str:
    kind, _, name = key.partition(" ")
    if kind == "paper":
        return _paper(int(name), viewer)
    if kind == "looked":
        # `counts` knows which papers are on the page.
        return ""
    if kind == "shelf":
        return shelved.bar(int(name), viewer)
    if kind == "notes":
        return shelved.beside(int(name), viewer)
    if kind == "topics":
        return beside_topics.of_all(viewer)
    return beside_topics.of_topic(name, viewer) if kind == "topic" else _followed(kind, name, viewer)


def _followed(kind: str, name: str, viewer: Viewer) -> str:
    shown = {"author": claiming.of_author, "organization": claiming.of_organization}.get(kind)
    return get_template("beside_list.html").render(
        {
            "kind": kind,
            "name": name,
            "follows": following.follows(viewer, kind, name),
            "ignores": ignoring.ignores(viewer, kind, name),
            "claims": shown(name) if shown else [],
            "is_claimable": shown is not None,
            "also": authors.also_written(kind, name) if shown else [],
            "is_curator": shown is not None and access.may(viewer, "curate", now=timezone.now()),
            "viewer": viewer,
        }
    )


def _paper(pk: int, viewer: Viewer) -> str:
    known = tables.papers([pk], ["public_id"])
    if not known:
        return ""
    claims, now = claiming.of_papers([pk]).get(pk, []), timezone.now()
    may_add = curating.may_add(viewer, claims, now=now)
    return get_template("beside_paper.html").render(
        {
            "public_id": known[0][1],
            "claims": claims,
            "printed": _printed(pk) if claims else {},
            "viewer": viewer,
            "is_curator": access.may(viewer, "curate", now=now),
            "may_add": may_add,
            "words": here.words(pk) if may_add else [],
            "kinds": LINK_KINDS,
        }
    )


def _printed(pk: int) -> dict[str, str]:
    """How the paper prints the names of its authors, by their slugs."""
    return dict(Authorship.objects.filter(paper=pk).values_list(claiming.PRINTED, "name"))
