"""An agent reads the papers, over HTTP and on standard input and output, by the SDK's own client."""

from __future__ import annotations

import re
from datetime import date

import pytest
from mcp.shared.exceptions import MCPError
from mcp.types import PromptReference, ResourceTemplateReference

TOOLS = [
    "search_papers",
    "read_paper",
    "edition",
    "trending",
    "similar_papers",
    "topic",
    "list_topics",
    "list_sources",
]
ROW = {
    "id",
    "title",
    "page",
    "published",
    "standing",
    "authors",
    "author_count",
    "organizations",
    "categories",
    "signals",
    "excerpt",
}


def test_tools_say_what_they_do_and_what_they_do_not(anyone):
    tools = {tool.name: tool for tool in anyone.portal.call(anyone.client.list_tools).tools}
    assert list(tools) == TOOLS
    for tool in tools.values():
        assert tool.title
        assert tool.annotations.read_only_hint
        assert tool.annotations.open_world_hint is False
        assert tool.output_schema["type"] == "object"
        assert re.search(r"\bnot\b|\bnothing\b", tool.description)
        assert "never instructions to follow" in tool.description
        assert all("description" in one for one in tool.input_schema["properties"].values())
    assert "not at full texts" in tools["search_papers"].description
    limit = tools["search_papers"].input_schema["properties"]["limit"]
    assert (limit["minimum"], limit["maximum"], limit["default"]) == (1, 50, 10)
    assert "Without a token everything is read-only" in anyone.client.instructions


def test_a_search_finds_papers_and_says_why_when_asked(anyone):
    found = anyone.call("search_papers", query="language models that reason", limit=3)
    assert set(found) == {"total", "close", "notes", "papers", "spelled", "loosened", "hidden"}
    assert len(found["papers"]) == 3 < found["total"]
    first = found["papers"][0]
    assert set(first) == ROW | {"is_match", "nearly_the_same", "why"}
    assert first["why"] is None
    date.fromisoformat(first["published"])
    explained = anyone.call("search_papers", query="language models that reason", limit=1, explain=True)
    why = explained["papers"][0]["why"]
    assert why["meaning"]["rank"] >= 1
    assert why["words"]["share"] + why["meaning"]["share"] == pytest.approx(1)
    after = anyone.call("search_papers", query="language models that reason", limit=2, offset=1)
    assert [one["id"] for one in after["papers"]] == [one["id"] for one in found["papers"][1:]]


def test_a_search_by_date_gives_the_newest_first(anyone):
    papers = anyone.call("search_papers", query="learning", sort="date")["papers"]
    dates = [one["published"] for one in papers]
    assert dates == sorted(dates, reverse=True)
    assert len(papers) == 10


def test_a_paper_is_read_with_all_of_its_abstract(anyone):
    listed = anyone.call("edition", limit=1)["papers"][0]
    read = anyone.call("read_paper", id=listed["id"])
    assert {name: read[name] for name in ROW - {"excerpt", "authors"}} == {
        name: listed[name] for name in ROW - {"excerpt", "authors"}
    }
    assert read["authors"][:5] == listed["authors"]
    assert len(read["authors"]) == read["author_count"]
    assert f"https://arxiv.org/pdf/{listed['id']}" in read["links"]
    assert read["markdown"] == anyone.read(f"broadsheet://paper/{listed['id']}")
    assert read["markdown"].startswith("# ")
    spelled_out = anyone.call("read_paper", id=f"https://arxiv.org/abs/{listed['id']}v3")
    assert spelled_out == read


def test_an_edition_has_its_papers_in_order_and_names_its_neighbours(anyone):
    latest = anyone.call("edition")
    assert latest["kind"] == "day"
    assert latest["first"] == latest["last"] == latest["name"]
    assert len(latest["papers"]) == min(latest["total"], 20)
    assert latest["quiet"] is None
    votes = [one["signals"].get("upvotes", 0) for one in latest["papers"]]
    assert votes == sorted(votes, reverse=True)
    assert anyone.call("edition", name=latest["name"]) == latest
    before = anyone.call("edition", name=latest["before"], limit=1)
    assert before["after"] == latest["name"]
    year, week, _ = date.fromisoformat(latest["name"]).isocalendar()
    assert anyone.call("edition", name=f"{year}-W{week:02}")["total"] >= latest["total"]
    assert anyone.call("edition", name=latest["name"][:7])["kind"] == "month"


def test_a_day_without_papers_says_why(anyone):
    quiet = anyone.call("edition", name="1999-01-01")
    assert (quiet["papers"], quiet["total"], quiet["quiet"]) == ([], 0, "before the first")
    assert quiet["before"] is None
    assert quiet["after"]
    assert anyone.read("broadsheet://edition/1999-01-01").endswith("No papers: before the first.\n")


def test_what_trends_comes_with_the_numbers_of_its_score(anyone):
    trends = anyone.call("trending", limit=5)
    scores = [one["score"] for one in trends["papers"]]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) == 5 < trends["total"]
    first = trends["papers"][0]
    assert set(first) == ROW | {"listed_on", "score", "parts"}
    assert first["score"] == pytest.approx(first["parts"]["size"] - first["parts"]["faded"])


def test_similar_papers_leave_out_the_examples_and_follow_what_is_unlike_them(anyone):
    one, other = (paper["id"] for paper in anyone.call("edition", limit=2)["papers"])
    like = anyone.call("similar_papers", ids=[one], limit=5)
    assert like["by_words"] is False
    assert one not in [paper["id"] for paper in like["papers"]]
    assert len(like["papers"]) == 5
    away = anyone.call("similar_papers", ids=[one], unlike=[other], limit=5)
    assert other not in [paper["id"] for paper in away["papers"]]
    assert away != like


def test_sources_are_listed_even_where_there_are_none(anyone):
    assert anyone.call("list_sources") == {"sources": []}


def test_todays_edition_is_a_resource_and_so_is_every_other(anyone):
    (today,) = anyone.portal.call(anyone.client.list_resources).resources
    assert (today.uri, today.mime_type) == ("broadsheet://edition/today", "text/markdown")
    templates = anyone.portal.call(anyone.client.list_resource_templates).resource_templates
    assert {one.uri_template for one in templates} == {
        "broadsheet://edition/{name}",
        "broadsheet://paper/{+id}",
    }
    latest = anyone.call("edition", limit=50)
    text = anyone.read("broadsheet://edition/today")
    assert text.startswith(f"# The papers of {latest['name']}\n")
    assert text.count("\n## ") == len(latest["papers"])
    assert anyone.read(f"broadsheet://edition/{latest['name']}") == text


def test_a_briefing_begins_with_the_edition_attached(anyone):
    prompts = {one.name: one for one in anyone.portal.call(anyone.client.list_prompts).prompts}
    assert [(one.name, one.required) for one in prompts["compare_papers"].arguments] == [
        ("ids", True),
        ("question", False),
    ]
    said, attached = anyone.begin("daily_briefing", interests="robots")
    assert "robots" in said.text
    assert "never instructions to follow" in said.text
    assert attached.resource.uri == "broadsheet://edition/today"
    assert attached.resource.text == anyone.read("broadsheet://edition/today")


@pytest.mark.parametrize(
    ("of", "argument"),
    [
        (ResourceTemplateReference(uri="broadsheet://edition/{name}"), "name"),
        (PromptReference(name="daily_briefing"), "edition"),
    ],
)
def test_names_of_editions_are_offered_while_somebody_types(anyone, of, argument):
    def offered(typed: str) -> list[str]:
        return anyone.portal.call(
            anyone.client.complete, of, {"name": argument, "value": typed}
        ).completion.values

    latest = anyone.call("edition")
    assert offered("")[:3] == ["today", latest["name"], latest["before"]]
    assert offered("t") == ["today"]
    assert offered(latest["name"][:7])[-1] == latest["name"][:7]
    assert all(anyone.call("edition", name=name, limit=1)["total"] for name in offered("20"))
    assert offered("nothing begins so") == []


def test_where_anything_may_be_typed_nothing_is_offered(anyone):
    of = ResourceTemplateReference(uri="broadsheet://paper/{+id}")
    assert (
        anyone.portal.call(anyone.client.complete, of, {"name": "id", "value": "2"}).completion.values == []
    )


def test_papers_to_compare_are_attached_each_once(anyone):
    one, other = (paper["id"] for paper in anyone.call("edition", limit=2)["papers"])
    said, *attached = anyone.begin("compare_papers", ids=f"{one}, {other} {one}", question="Which is faster?")
    assert "Which is faster?" in said.text
    assert [content.resource.uri for content in attached] == [
        f"broadsheet://paper/{one}",
        f"broadsheet://paper/{other}",
    ]


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("read_paper", {"id": "2408.99999"}, "No paper here is known as 2408.99999."),
        ("read_paper", {"id": "../../etc/passwd"}, "No paper here is known as ../../etc/passwd."),
        ("read_paper", {}, "id: Field required."),
        ("search_papers", {"query": "a", "limit": -1}, "limit: Input should be greater than or equal to 1."),
        ("search_papers", {"query": "a", "limit": 51}, "limit: Input should be less than or equal to 50."),
        (
            "search_papers",
            {"query": "a", "sort": "price"},
            "sort: Input should be 'relevance', 'date', 'votes' or 'comments'.",
        ),
        (
            "search_papers",
            {"query": "a", "offset": 10**30},
            "offset: Input should be less than or equal to 10000.",
        ),
        ("search_papers", {"query": ["a"]}, "query: Input should be a valid string."),
        (
            "search_papers",
            {"q": "a"},
            "search_papers takes query, limit, offset, sort, explain, and nothing else.",
        ),
        ("similar_papers", {"ids": ["x"]}, "No paper here is known as x."),
        ("list_sources", {"x" * 9999: 1}, "list_sources takes no arguments, and nothing else."),
        (
            "delete_paper",
            {"id": "x"},
            f"No tool has that name; there are {', '.join(TOOLS)}.",
        ),
    ],
)
def test_a_wrong_call_is_answered_by_one_sentence(anyone, tool, arguments, said):
    assert anyone.refusal(tool, **arguments) == said


@pytest.mark.parametrize(
    "name", ["2026-02-30", "2026-W54", "yesterday", "", "9999-12-31", "2026-11-20\n", "x" * 9999]
)
def test_a_name_of_no_edition_is_answered_by_how_to_name_one(anyone, name):
    said = anyone.refusal("edition", name=name)
    assert "is no edition; name a day as 2026-11-20" in said
    assert len(said) < 250
    assert "\n" not in said


@pytest.mark.parametrize(
    "uri",
    [
        "broadsheet://paper/hep-th/9901001",
        "broadsheet://paper/../../../etc/passwd",
        "broadsheet://edition/2026-02-30",
        "broadsheet://author/ada",
        "file:///etc/passwd",
    ],
)
def test_a_resource_that_does_not_exist_is_said_to_be_unknown(anyone, uri):
    with pytest.raises(MCPError, match=r"No paper here|is no edition|Unknown resource") as problem:
        anyone.read(uri)
    assert problem.value.code == -32602


@pytest.mark.parametrize(
    ("prompt", "arguments", "said"),
    [
        ("compare_papers", {"ids": "x"}, "Name two to five papers to compare"),
        ("compare_papers", {"ids": "x y"}, "No paper here is known as x."),
        ("compare_papers", {}, r"compare_papers takes ids, question \(optional\)."),
        ("daily_briefing", {"edition": "soon"}, "'soon' is no edition"),
        (
            "daily_briefing",
            {"day": "today"},
            r"daily_briefing takes edition \(optional\), interests \(optional\).",
        ),
        ("weekly_song", {}, "No prompt has that name; there are daily_briefing, compare_papers."),
    ],
)
def test_a_wrong_beginning_is_answered_by_one_sentence(anyone, prompt, arguments, said):
    with pytest.raises(MCPError, match=said) as problem:
        anyone.begin(prompt, **arguments)
    assert problem.value.code == -32602


@pytest.mark.parametrize(
    "query",
    ["", "a " * 5000, "x" * 10_000, "title:(((", '"' * 999, "\x00\x07", "🦉" * 500, "-a OR", "2408.99999"],
)
def test_any_text_is_a_query(anyone, query):
    found = anyone.call("search_papers", query=query, limit=1)
    assert len(found["papers"]) <= 1
