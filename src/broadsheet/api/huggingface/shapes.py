"""Papers in the fields of Hugging Face's API. Pure.

The client reads some fields of a list's item outside the paper alone, so these stand there too; it takes no
null where an object may be, and generated clients miss what is marked as required.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from broadsheet.accounts.models import Person
from broadsheet.api.here import Here
from broadsheet.api.huggingface.said import Json, Said, in_words, moment, parsed
from broadsheet.api.talk import Said as Comment
from broadsheet.community.models import CommentState
from broadsheet.papers.reading import ListedOn, PaperDetail

SOURCE = "huggingface"
# The client cannot do without a name; whoever did nothing in public has none yet.
NAMELESS = "reader"
HIDDEN_BY: dict[str, str] = {CommentState.HIDDEN: "moderator", CommentState.WITHDRAWN: "author"}
LINKED = ("Models", "Datasets", "Spaces")
# What the client reads outside the paper.
OUTSIDE = (
    "upvotes",
    "ai_summary",
    "ai_keywords",
    "projectPage",
    "githubRepo",
    "githubStars",
    "organization",
    "mediaUrl",
    "mediaUrls",
)
# What there is to know of a repository; the client chokes on other things in some of their fields.
OF_REPOSITORIES = frozenset(
    (
        *("_id", "id", "author", "authorData", "createdAt", "downloads", "gated", "lastModified", "likes"),
        *("private", "repoType", "tags", "availableInferenceProviders", "numParameters", "pipeline_tag"),
        *("emoji", "featured", "running", "sdk", "shortDescription", "title"),
    )
)


@dataclass(frozen=True, slots=True)
class Site:
    """Who answers: the name of the site, and the whole address of its sign, for where a picture must be."""

    name: str
    icon: str


def item(detail: PaperDetail, *, day: date | None, site: Site, here: Here) -> Json:
    """An item of a list: the paper, and around it what belongs to the list of that day."""
    inside, said = paper(detail, day=day, site=site), _said(detail)
    return {
        "paper": inside,
        "publishedAt": inside["submittedOnDailyAt"],
        "title": in_words(said.item, "title", detail.row.title),
        # The client reads the one inside, and then this one over it.
        "summary": inside["summary"],
        **_around(detail, site, here),
        "submittedBy": inside["submittedOnDailyBy"],
        **{name: inside[name] for name in OUTSIDE if name in inside},
    }


def alone(detail: PaperDetail, *, site: Site, here: Here) -> Json:
    """One paper with all that belongs to it."""
    said = _linked(_said(detail))
    return {**paper(detail, day=None, site=site), **_around(detail, site, here), **said}


def repositories(detail: PaperDetail) -> Json:
    """The repositories that belong to the paper, by kind."""
    said = _said(detail)
    return {kind.lower(): _repositories(said, kind) for kind in LINKED}


def paper(detail: PaperDetail, *, day: date | None, site: Site) -> Json:
    """The paper as on the list of that day; without a day, on the last list or as the news of its own day."""
    said, row = _said(detail), detail.row
    listing = _listing(detail, day)
    appeared = _appeared(listing.day if listing else detail.day or detail.added_at.date(), said)
    stars = row.signals.get("github_stars")
    # The first moment that it may be: this API has nothing for a year alone.
    published = row.published_at or (row.published and row.published.begins_at)
    withdrawn = parsed(said.value("withdrawnAt", str)) or detail.updated_at or detail.revised_at
    fields: dict[str, Any] = {
        "id": row.public_id,
        "authors": _authors(detail, said, site),
        "publishedAt": moment(published) if published else appeared,
        "submittedOnDailyAt": appeared,
        "submittedOnDailyBy": _submitter(listing, said, site),
        "title": in_words(said.paper, "title", row.title),
        "summary": in_words(said.paper, "summary", row.abstract),
        "upvotes": _signal(detail, "upvotes"),
        "discussionId": said.value("discussionId", str) or object_id(f"discussion {row.public_id}"),
        "ai_summary": said.value("ai_summary", str),
        "ai_keywords": said.texts("ai_keywords") or list(detail.keywords) or None,
        "ai_summary_model": said.value("ai_summary_model", str),
        "projectPage": said.value("projectPage", str) or row.link("project") or None,
        "githubRepo": said.value("githubRepo", str) or row.link("code") or None,
        "githubRepoAddedBy": said.value("githubRepoAddedBy", str),
        "githubStars": stars.value if stars else None,
        "organization": _organization(detail, said, site),
        "mediaUrl": said.value("mediaUrl", str),
        "mediaUrls": said.texts("mediaUrls") or None,
        "isDaily": said.value("isDaily", bool),
        "withdrawnAt": moment(withdrawn) if row.standing else None,
    }
    return {name: value for name, value in fields.items() if value is not None}


def object_id(text: str) -> str:
    """24 hexadecimal digits that are always the same for a text: an id where the source gave none."""
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def _said(detail: PaperDetail) -> Said:
    return Said(detail.said.get(SOURCE, {}))


def _around(detail: PaperDetail, site: Site, here: Here) -> Json:
    """What stands around a paper. `upvotes` and `numComments` were counted elsewhere; what people of this
    site did stands apart, in `here`, as in our own API.
    """
    said = _said(detail)
    return {
        "here": asdict(here),
        "thumbnail": said.value("thumbnail", str) or said.value("mediaUrl", str) or site.icon,
        "numComments": _signal(detail, "comments"),
        "isAuthorParticipating": bool(said.value("isAuthorParticipating", bool)),
    }


def _linked(said: Said) -> Json:
    fields: Json = {}
    for kind in LINKED:
        linked = fields[f"linked{kind}"] = _repositories(said, kind)
        fields[f"numTotal{kind}"] = said.value(f"numTotal{kind}", int) or len(linked)
    return fields


def _repositories(said: Said, kind: str) -> list[Json]:
    found = said.things(f"linked{kind}", "id")
    return [{name: value for name, value in one.items() if name in OF_REPOSITORIES} for one in found]


def _listing(detail: PaperDetail, day: date | None) -> ListedOn | None:
    """How it came onto the list of the day, or onto the last one."""
    listings = [one for one in detail.listings if day in (None, one.day)]
    return max(listings, key=lambda one: (one.day, bool(one.submitter_username)), default=None)


def _signal(detail: PaperDetail, name: str) -> int:
    signal = detail.row.signals.get(name)
    return signal.value if signal else 0


def _appeared(day: date, said: Said) -> str:
    """When the paper came onto the list of the day: as its source said it, else when the day began.

    A list may open on the evening before. Of older lists, it is the item's `publishedAt` that says when.
    """
    listed = said.value("submittedOnDailyAt", str), said.item.get("paper") and said.item.get("publishedAt")
    told = (at for one in listed if (at := parsed(one)) and at.date() == day)
    return moment(next(told, datetime.combine(day, time(), tzinfo=UTC)))


def _authors(detail: PaperDetail, said: Said, site: Site) -> list[Json]:
    """The authors in the source's words, marked where they want to be hidden, else by their names."""
    named = said.things("authors", "name") or [{"name": one.name} for one in detail.row.authors]
    # No id of the name alone: two people of one name may have written a paper.
    of = detail.row.public_id
    return [_author({"_id": object_id(f"author {n} of {of}"), **one}, site) for n, one in enumerate(named)]


def _author(said: Json, site: Site) -> Json:
    user = said.pop("user", None)
    author = {"hidden": False, **said}
    return author | {"user": _user(user, site)} if isinstance(user, dict) else author


def _submitter(listing: ListedOn | None, said: Said, site: Site) -> Json:
    """Who sent the paper in; the site itself, where nobody is known to have done so."""
    if not listing or not (listing.submitter_username or listing.submitter_name):
        return _user({"user": "broadsheet", "fullname": site.name}, site)
    sender = said.thing("submittedBy") or said.thing("submittedOnDailyBy")
    if listing.submitter_username not in (sender.get("user"), sender.get("name")):
        sender = {"user": listing.submitter_username, "fullname": listing.submitter_name}
    return _user(sender, site)


def person(who: Person, *, site: Site) -> Json:
    """Somebody with an account here."""
    named = {"_id": key(who.pk), "user": who.handle or NAMELESS, "fullname": who.shown}
    return _user(named, site)


def comment(said: Comment, *, site: Site) -> Json:
    """A comment; what is hidden comes without its text. Threads are told by `parentCommentId` alone."""
    hidden_by = HIDDEN_BY.get(said.state, "")
    name = said.writer.handle or NAMELESS
    author = {"_id": object_id(f"user {name}"), "user": name, "fullname": said.writer.name}
    return {
        "id": key(said.id),
        "type": "comment",
        "author": _user(author, site) | {"isAgent": said.is_by_agent},
        "createdAt": moment(said.written_at),
        "data": {
            "latest": {"raw": said.source, "html": said.html},
            "edited": bool(said.edits),
            "numEdits": said.edits,
            "hidden": bool(hidden_by),
            "hiddenReason": said.why_not if hidden_by else "",
            "hiddenBy": hidden_by,
            "held": said.state == CommentState.HELD,
            "parentCommentId": key(said.answers) if said.answers else None,
            "reactions": [],
        },
    }


def key(pk: int) -> str:
    """The key of a thing of ours as the 24 hexadecimal digits that ids have there."""
    return f"{pk:024x}"


def pk_of(key: str) -> int | None:
    """The key that `key` wrote so; None for what is none."""
    return int(key, 16) if re.fullmatch("0{8}[0-7][0-9a-f]{15}", key) else None


def _user(said: Json, site: Site) -> Json:
    """A user under both names that there are for a username; newer answers have one, older ones the other."""
    username, fullname = _text(said, "user", "name", "fullname"), _text(said, "fullname", "user", "name")
    given = {"_id": object_id(f"user {username}"), "avatarUrl": site.icon, "type": "user", "isPro": False}
    # The client takes whatever `orgs` holds for organizations, and nobody has said any yet.
    given |= {name: value for name, value in said.items() if name != "orgs"}
    return given | {"user": username, "name": username, "fullname": fullname}


def _organization(detail: PaperDetail, said: Said, site: Site) -> Json | None:
    known = said.thing("organization")
    if not isinstance(known.get("name"), str):
        known = next(({"name": one.slug, "fullname": one.name} for one in detail.row.organizations), {})
    if not known:
        return None
    avatar = _text(known, "avatar", "avatarUrl") or site.icon
    named = {"_id": object_id(f"organization {known['name']}"), "fullname": known["name"]}
    return named | known | {"avatar": avatar, "avatarUrl": avatar}


def _text(said: Json, *names: str) -> str:
    """The first of these fields that has a text."""
    return next((text for name in names if isinstance(text := said.get(name), str) and text), "")
