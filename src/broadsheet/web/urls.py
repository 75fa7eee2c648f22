"""The addresses of our pages. None ends with a slash; an identifier in one may hold slashes and colons."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, include, path, re_path, register_converter
from django.urls.converters import StringConverter

from broadsheet.library import taking
from broadsheet.web import (
    about,
    accounts,
    archives,
    asking,
    assets,
    attributing,
    bringing,
    categories,
    channels,
    claiming,
    curating,
    discussion,
    dumps,
    editions,
    errors,
    feeds,
    following,
    formats,
    inviting,
    leaving,
    leaving_out,
    library,
    marking,
    moderating,
    notices,
    noting,
    operating,
    own_feeds,
    papers,
    people,
    reporting,
    rules,
    saving_by_mail,
    searching,
    similar,
    sitemaps,
    someone,
    submitting,
    subscribing,
    talk_feeds,
    topics,
    viewing,
    voting,
)
from broadsheet.web.feed_formats import FORMS, readable

# Every list by its kind in `daily.lists`: with a dot and a form after it, this is the list in that form.
LISTS = {
    "latest": "feed",
    "day": "papers/date/<str:name>",
    "week": "papers/week/<str:name>",
    "month": "papers/month/<str:name>",
    "trending": "papers/trending",
    "discussed": "papers/discussed",
    "undiscovered": "papers/undiscovered",
    "search": "papers",
    "similar": "papers/<path:name>/similar",
    "topic": "topics/<str:name>",
    "category": "categories/<str:name>",
    "organization": "organizations/<str:name>",
    "author": "authors/<str:name>",
}


class FileForm(StringConverter):
    """What the address of a file for reference managers ends with."""

    regex = "|".join(map(re.escape, formats.LIST_FORMS))


class LibraryForm(StringConverter):
    """What the address of a library as a file ends with."""

    regex = "|".join(map(re.escape, taking.FORMS))


class DeedOnComment(StringConverter):
    """What one may do with a comment."""

    regex = "|".join(discussion.DEEDS)


class FeedForm(StringConverter):
    """What a feed's address ends with."""

    regex = "|".join(FORMS)


def in_other_forms(view: Callable[..., HttpResponse], converter: str) -> list[URLPattern]:
    """The addresses of every list in the forms that the converter takes."""
    return [path(f"{place}.<{converter}:form>", view, {"kind": kind}) for kind, place in LISTS.items()]


register_converter(DeedOnComment, "deed")
register_converter(FeedForm, "feed")
register_converter(FileForm, "file")
register_converter(LibraryForm, "library")
urlpatterns = [
    re_path("\0", errors.unreadable),
    path("", editions.front, name="front"),
    # All other addresses end without a slash; these are allauth's.
    path("accounts/confirm-email/", accounts.confirm, name="confirm_address"),
    path("accounts/", include("allauth.urls")),
    re_path("^(?P<path>.+)/$", errors.without_slash),
    path("enter/<str:token>", accounts.enter, name="enter"),
    path("join/<str:code>", accounts.join, name="join"),
    path("settings", accounts.settings, name="settings"),
    path("settings/view", viewing.choose, name="choose_view"),
    path("settings/export", leaving.export, name="export"),
    path("settings/leave", leaving.leave, name="leave"),
    path("settings/stay", leaving.stay, name="stay"),
    path("settings/left-out", leaving_out.left_out, name="left_out"),
    path("settings/feeds", own_feeds.of_reader, name="own_feeds"),
    path("settings/feeds/end", own_feeds.end, name="end_own_feed"),
    path("settings/invitations", inviting.invitations, name="invitations"),
    path("settings/invitations/end", inviting.take_back, name="take_back_invitation"),
    path("settings/tokens", accounts.make_token, name="make_token"),
    path("settings/tokens/revoke", accounts.revoke_token, name="revoke_token"),
    *in_other_forms(formats.papers, "file"),
    *in_other_forms(readable(feeds.feed), "feed"),
    path("feeds", feeds.feeds, name="feeds"),
    # Also those of notices, which are known by their secret.
    path("feeds/<str:secret>.<feed:form>", readable(own_feeds.feed), name="own_feed"),
    path("feeds/<str:secret>.atom", readable(notices.feed), name="notice_feed"),
    path("notices", notices.of_reader, name="notices"),
    path("notices/read", notices.read, name="read_notices"),
    path("notices/mute", notices.mute, name="mute_notices"),
    path("notices/feed", notices.make_feed, name="make_notice_feed"),
    path("categories.opml", feeds.opml, name="opml"),
    path("papers", searching.papers, name="search"),
    path("papers/date", archives.editions_of, {"kind": "day"}, name="archive_day"),
    path("papers/week", archives.editions_of, {"kind": "week"}, name="archive_week"),
    path("papers/month", archives.editions_of, {"kind": "month"}, name="archive_month"),
    path("authors", people.authors, name="authors"),
    path("about", about.about, name="about"),
    path("papers/date/<str:name>", editions.period, {"kind": "day"}, name="day"),
    path("papers/week/<str:name>", editions.period, {"kind": "week"}, name="week"),
    path("papers/month/<str:name>", editions.period, {"kind": "month"}, name="month"),
    path("papers/trending", editions.trending, name="trending"),
    path("papers/discussed", editions.discussed, name="discussed"),
    path("papers/undiscovered", editions.undiscovered, name="undiscovered"),
    path("papers/ask", asking.ask, name="ask"),
    path("papers/<path:name>/vote", voting.vote, name="vote"),
    path("papers/<path:name>/save", marking.save, name="save"),
    path("papers/<path:name>/hide", marking.hide, name="hide"),
    path("papers/<path:name>/seen", marking.seen, name="seen"),
    path("papers/<path:name>/tags", noting.tag, name="tag_paper"),
    path("papers/<path:name>/notes", noting.note, name="note_paper"),
    path("papers/<path:name>/notes/<int:note>", noting.change_note, name="change_note"),
    path("library", library.library, name="library"),
    path("library/change", library.change, name="change_library"),
    path("library/tags", library.tags, name="library_tags"),
    path("library/import", bringing.look, name="look_at_library"),
    path("library/import/take", bringing.take, name="take_library"),
    path("library/export", bringing.export, name="export_library_chosen"),
    path("library/export.<library:form>", bringing.export, name="export_library"),
    path("library/seen", marking.all_seen, name="all_seen"),
    path("library/undo", marking.undo, name="undo"),
    path("papers/<path:name>/discussion/<int:comment>/report", reporting.comment, name="report_comment"),
    path("papers/<path:name>/claim", claiming.of_paper, name="claim_paper"),
    path("papers/<path:name>/curate", curating.add, name="curate_paper"),
    path("papers/<path:name>/discussion.<feed:form>", readable(talk_feeds.feed), name="talk_feed"),
    path("papers/<path:name>/discussion", discussion.discussion, name="discussion"),
    path("papers/<path:name>/discussion/<int:comment>", discussion.comment, name="comment"),
    path("papers/<path:name>/discussion/<int:comment>/history", discussion.history, name="history"),
    path("papers/<path:name>/discussion/<int:comment>/<deed:does>", discussion.act, name="act"),
    path("papers/<path:name>/similar", similar.similar, name="similar"),
    path("papers/<path:name>.md", papers.as_markdown, name="markdown"),
    path("papers/<path:name>.<file:form>", formats.paper, name="paper_file"),
    path("papers/<path:name>.json", formats.paper, {"form": "json"}, name="paper_file"),
    path("papers/<path:name>", asking.paper, name="paper"),
    path("subscribe", subscribing.subscribe, name="subscribe"),
    path("subscribe/asked", subscribing.asked, name="asked_for_mail"),
    path("confirm/<str:token>", subscribing.confirm, name="confirm"),
    path("manage/<str:token>", subscribing.manage, name="manage"),
    path("unsubscribe/<str:token>", subscribing.unsubscribe, name="unsubscribe"),
    path("save/<str:token>/<path:name>", saving_by_mail.save, name="save_by_mail"),
    path("settings/mail", subscribing.mail, name="mail"),
    path("settings/channels", channels.channels, name="channels"),
    path("settings/channels/<int:key>", channels.channel, name="channel"),
    path("submit", submitting.submit, name="submit"),
    path("submit/withdraw", submitting.withdraw, name="withdraw_submission"),
    path("curate", curating.curate, name="curate"),
    path("curate/claims", curating.decide_claim, name="decide_claim"),
    path("claims", claiming.claims, name="claims"),
    path("claims/withdraw", claiming.withdraw, name="withdraw_claim"),
    path("claims/dispute", claiming.dispute, name="dispute_claim"),
    path("follow", following.follow, name="follow"),
    path("topics", topics.all_topics, name="topics"),
    path("topics/new", topics.new, name="new_topic"),
    path("topics/<str:name>/change", topics.change, name="change_topic"),
    path("topics/<str:name>/follow", topics.follow, name="follow_topic"),
    path("topics/<str:name>/report", reporting.topic, name="report_topic"),
    path("topics/<str:name>/look", topics.look, name="look_topic"),
    path("topics/<str:name>", topics.topic, name="topic"),
    path("categories", categories.categories, name="categories"),
    path("categories/<str:code>", categories.category, name="category"),
    path("organizations", people.organizations, name="organizations"),
    path(
        "organizations/<str:slug>/names",
        attributing.names,
        {"kind": "organization"},
        name="organization_names",
    ),
    path("organizations/<str:slug>/claim", claiming.of_organization, name="claim_organization"),
    path("organizations/<str:slug>", people.organization, name="organization"),
    path("authors/<str:slug>/names", attributing.names, {"kind": "author"}, name="author_names"),
    path("authors/<str:slug>/claim", claiming.of_author, name="claim_author"),
    path("authors/<str:slug>", people.author, name="author"),
    path("people/<str:handle>", someone.someone, name="someone"),
    path("people/<str:handle>/report", reporting.person, name="report_person"),
    path("submissions/<int:submission>/report", reporting.submission, name="report_submission"),
    path("operator", operating.operator, name="operator"),
    path("operator/mail", operating.mail, name="operator_mail"),
    path("moderation", moderating.moderation, name="moderation"),
    path("moderation/log", moderating.log, name="moderation_log"),
    path("moderation/overlaps", moderating.overlaps, name="moderation_overlaps"),
    path("moderation/act", moderating.act, name="moderation_act"),
    path("moderation/undo", moderating.undo, name="moderation_undo"),
    path("about/rules", rules.rules, name="rules"),
    path("about/ranking", about.about_ranking, name="ranking"),
    path("about/keys", about.keys, name="keys"),
    path("dumps", dumps.dumps, name="dumps"),
    path("dumps/<str:folder>/<str:name>", dumps.dump_file, name="dump_file"),
    path("status", about.status, name="status"),
    path("status/fetch", about.fetch_again, name="fetch_again"),
    path("robots.txt", about.robots),
    path("llms.txt", about.llms),
    path("sitemap.xml", sitemaps.index),
    path("sitemaps/pages.xml", sitemaps.pages),
    path("sitemaps/<str:name>.xml", sitemaps.papers, name="sitemap"),
    path("favicon.ico", about.favicon),
    path("static/<path:name>", assets.static),
]
