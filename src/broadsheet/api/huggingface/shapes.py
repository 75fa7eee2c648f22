"""Papers in the fields of Hugging Face's API. Pure.

The client reads some fields of a list's item outside the paper alone, so these stand there too; it takes no
null where an object may be, and generated clients miss what is marked as required.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any

from broadsheet.accounts.models import Person
from broadsheet.api.here import Here
from broadsheet.api.huggingface.said import Json, Said, in_words, moment, parsed
from broadsheet.api.talk import Said as Comment
from broadsheet.community.models import Claim, CommentState
from broadsheet.papers.names import name_slug
from broadsheet.papers.reading import ListedOn, PaperDetail

SOURCE = "huggingface"
# The client cannot do without a name; whoever did nothing in public has none yet.
NAMELESS = "reader"
HIDDEN_BY: dict[str, str] = {CommentState.HIDDEN: "moderator", CommentState.WITHDRAWN: "author"}
LINKED = ("Models", "Datasets", "Spaces")
ID = re.compile("[0-9a-f]{24}")
# What the client reads outside the paper.
OUTSIDE = (
    "_id",
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


@dataclass(frozen=True, slots=True)
class Ours:
    """What people of this site did with a paper: in numbers, and who of them is verified as which author."""

    here: Here = field(default_factory=Here)
    authors: Mapping[str, Claim] = field(default_factory=dict)


def item(detail: PaperDetail, *, day: date | None, site: Site, ours: Ours) -> Json:
    """An item of a list: the paper, and around it what belongs to the list of that day."""
    inside, said = paper(detail, day=day, site=site, ours=ours), _said(detail)
    return {
        "paper": inside,
        "publishedAt": inside["submittedOnDailyAt"],
        "title": in_words(said.item, "title", detail.row.title),
        # The client reads the one inside, and then this one over it.
        "summary": inside["summary"],
        **_around(detail, site, ours),
        "submittedBy": inside["submittedOnDailyBy"],
        **{name: inside[name] for name in OUTSIDE if name in inside},
    }


def alone(detail: PaperDetail, *, site: Site, ours: Ours) -> Json:
    """One paper with all that belongs to it."""
    said = _linked(_said(detail))
    return {**paper(detail, day=None, site=site, ours=ours), **_around(detail, site, ours), **said}


def links(detail: PaperDetail) -> Json:
    """Where the paper leads, as it is shown, and all links that anybody gave it."""
    shown = paper(detail, day=None, site=Site("", ""), ours=Ours())
    organization = shown.get("organization", {}).get("_id")
    return {
        "githubRepo": shown.get("githubRepo"),
        "projectPage": shown.get("projectPage"),
        "organizationId": organization,
        "links": [{"kind": one.kind, "url": one.url} for one in detail.row.links],
    }


def repositories(detail: PaperDetail) -> Json:
    """The repositories that belong to the paper, by kind."""
    said = _said(detail)
    return {kind.lower(): _repositories(said, kind) for kind in LINKED}


def paper(detail: PaperDetail, *, day: date | None, site: Site, ours: Ours) -> Json:
    """The paper as on the list of that day; without a day, on the last list or as the news of its own day.

    `upvotes` are those counted elsewhere and the counted ones of this site together: see `_around`.
    """
    said, row = _said(detail), detail.row
    listing = _listing(detail, day)
    appeared = _appeared(listing.day if listing else detail.day or detail.added_at.date(), said)
    stars = row.signals.get("github_stars")
    # The first moment that it may be: this API has nothing for a year alone.
    published = row.published_at or (row.published and row.published.begins_at)
    withdrawn = parsed(said.value("withdrawnAt", str)) or detail.updated_at or detail.revised_at
    fields: dict[str, Any] = {
        "_id": key(row.pk),
        "id": row.public_id,
        "authors": [author for _, author in _authors(detail, site, ours.authors)],
        "publishedAt": moment(published) if published else appeared,
        "submittedOnDailyAt": appeared,
        "submittedOnDailyBy": _submitter(listing, said, site),
        "title": in_words(said.paper, "title", row.title),
        "summary": in_words(said.paper, "summary", row.abstract),
        "upvotes": _signal(detail, "upvotes") + ours.here.counted,
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


def _around(detail: PaperDetail, site: Site, ours: Ours) -> Json:
    """What stands around a paper. `numComments` are those counted elsewhere and those that everybody reads
    here; how many of either number are this site's, `here` says, so that whoever wants them can part them.
    """
    said = _said(detail)
    return {
        "here": asdict(ours.here),
        "thumbnail": said.value("thumbnail", str) or said.value("mediaUrl", str) or site.icon,
        "numComments": _signal(detail, "comments") + ours.here.comments,
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


def author_of(detail: PaperDetail, author: str) -> str | None:
    """The slug of the name of the author of the paper with that `_id`; None where there is none."""
    known = _authors(detail, Site("", ""), {})
    return next((slug for slug, one in known if one["_id"] == author), None)


def _authors(
    detail: PaperDetail, site: Site, verified: Mapping[str, Claim]
) -> Iterator[tuple[str | None, Json]]:
    """The authors in the source's words, marked where they want to be hidden, else by their names; with the
    slug of the name of each, on which claims hang.
    """
    named = _said(detail).things("authors", "name") or [{"name": one.name} for one in detail.row.authors]
    slugs = {name_slug(one.name) for one in detail.row.authors}
    for number, one in enumerate(named):
        # No id of the name alone: two people of one name may have written a paper.
        own = {"_id": object_id(f"author {number} of {detail.row.public_id}")}
        if isinstance(said := one.get("_id"), str) and ID.fullmatch(said):
            own = {"_id": said}
        slug = name_slug(one["name"])
        yield slug if slug in slugs else None, _author(one | own, site, verified.get(slug))


def _author(said: Json, site: Site, claim: Claim | None) -> Json:
    user = said.pop("user", None)
    author = {"hidden": False, **said}
    if claim:
        since = moment(claim.decided_at or claim.asked_at)
        claimed = {"status": "claimed_verified", "statusLastChangedAt": since}
        return author | claimed | {"user": person(claim.person, site=site)}
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
    """Somebody with an account here, under the `_id` that whoever writes a comment has, too."""
    named = {"_id": user_id(who), "user": who.handle or NAMELESS, "fullname": who.shown}
    return _user(named, site)


def user_id(who: Person) -> str:
    """The id of somebody with an account here."""
    return object_id(f"user {who.handle}") if who.handle else key(who.pk)


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
    named = {"_id": organization_id(known["name"]), "fullname": known["name"]}
    return named | known | {"avatar": avatar, "avatarUrl": avatar}


def organization(slug: str, name: str, *, site: Site) -> Json:
    """An organization of this catalogue."""
    named = {"_id": organization_id(slug), "name": slug, "fullname": name}
    return named | {"avatar": site.icon, "avatarUrl": site.icon}


def organization_id(slug: str) -> str:
    """The id of an organization where its source gave none."""
    return object_id(f"organization {slug}")


def _text(said: Json, *names: str) -> str:
    """The first of these fields that has a text."""
    return next((text for name in names if isinstance(text := said.get(name), str) and text), "")
