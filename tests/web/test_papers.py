"""The page of one paper, under every name it has."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from tests.web.press import SUNDAY, Links, paper, publish

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.models import Paper
from broadsheet.papers.record import AuthorName, Link, Record, Signal, Version
from broadsheet.search import indexing

pytestmark = pytest.mark.django_db


def test_a_paper_shows_all_that_is_known(read):
    publish(
        paper(
            7,
            versions=(Version(1, SUNDAY), Version(2, datetime(2026, 11, 23, tzinfo=UTC))),
            comment="12 pages",
            journal_ref="Annals 3",
            license="CC-BY-4.0",
            keywords=("reading", "printing"),
            links=(Link("code", "https://code.example/7"), Link("project", "https://project.example/")),
        )
    )
    html = read("/papers/2611.00007")
    for part in (
        "Author G of 0",
        "https://arxiv.org/abs/2611.00007",
        "https://arxiv.org/pdf/2611.00007",
        "Code on code.example",
        "https://project.example/",
        "v2",
        "23 Nov 2026",
        "8 upvotes",
        "Counted by Hugging Face",
        '<span class="code">until <time',
        'href="/papers/date/2026-11-20"',
        "submitted by <bdi>Mira</bdi>",
        "Machine Learning",
        "12 pages",
        "Annals 3",
        "CC-BY-4.0",
        'href="/papers?q=printing"',
        "Hugging Face",
    ):
        assert part in html, part


@pytest.mark.parametrize(
    "name",
    [
        "2611.00007v3",
        "arXiv:2611.00007",
        "https://arxiv.org/abs/2611.00007v1",
        "2611.00007/",
        "10.48550/arXiv.2611.00007",
    ],
)
def test_any_spelling_of_a_name_leads_to_the_paper(client, name):
    publish(paper(7))
    response = client.get(f"/papers/{name}", follow=True)
    assert response.redirect_chain[-1] == ("/papers/2611.00007", 301)
    assert response.status_code == 200


def test_a_local_name_leads_on_when_the_paper_gets_a_better_one(client):
    nameless = {"title": "A paper", "abstract": "About the very same thing in the very same words."}
    publish(Record(source="saved_page", key="a", **nameless))
    local = Paper.objects.get().public_id
    publish(Record(source="arxiv", key="b", identifiers=(Identifier("arxiv", "2611.00001"),), **nameless))
    assert client.get(f"/papers/{local}").headers["Location"] == "/papers/2611.00001"
    assert client.get(f"/papers/{local}/similar").headers["Location"] == "/papers/2611.00001/similar"


@pytest.mark.parametrize(
    ("identifier", "address"),
    [
        (Identifier("arxiv", "hep-th/9901001"), "/papers/hep-th/9901001"),
        (Identifier("acl", "2024.acl-long.1"), "/papers/acl:2024.acl-long.1"),
        (
            Identifier("doi", "10.1000/(sici)1<1::aid>3.0;2-k?#"),
            "/papers/doi:10.1000/(sici)1%3C1::aid%3E3.0;2-k%3F%23",
        ),
        (Identifier("openreview", "Ab_3-x"), "/papers/openreview:Ab_3-x"),
    ],
)
def test_identifiers_with_slashes_and_worse_have_addresses(client, identifier, address):
    publish(Record(source="other", key="1", title="Odd name", identifiers=(identifier,), published_at=SUNDAY))
    assert address in Links(client.get("/").content.decode()).targets
    for page in (address, f"{address}/similar"):
        assert client.get(page).status_code == 200


@pytest.mark.parametrize("name", ["2611.99999", "nothing", "local:0123456789ab", "doi:10.1/x", "a" * 10_000])
def test_an_unknown_paper_is_not_found(read, name):
    html = read(f"/papers/{name}", status=404)
    assert 'role="search"' in html
    read(f"/papers/{name}/similar", status=404)


def test_a_paper_with_a_title_alone_has_a_page(read):
    publish(Record(source="saved_page", key="1", title="Only a title"))
    assert "None of our sources has the abstract" in read(f"/papers/{Paper.objects.get().public_id}")


def test_a_long_list_of_authors_is_folded_and_complete(read):
    publish(paper(1, authors=tuple(AuthorName(f"Author {number}") for number in range(300))))
    html = read("/papers/2611.00001")
    assert "and 270 more authors" in html
    assert ">arXiv:2611.00001<" in html
    assert html.count('href="/authors/') == 300


VERSIONS = tuple(Version(number, datetime(2026, 11, 10 + number, tzinfo=UTC)) for number in (1, 2, 3))


def arxiv(number: int, **texts: str) -> Record:
    """A version of the paper 2611.00007, as arXiv tells of it."""
    identifier = Identifier("arxiv", "2611.00007")
    facts = {"title": "Bounds of $O(n^2)$", "abstract": "We bound the loss."} | texts
    return Record(
        source="arxiv", key="2611.00007", identifiers=(identifier,), versions=VERSIONS[:number], **facts
    )


def test_a_new_version_shows_what_changed_the_last_change_first(read):
    publish(arxiv(1))
    assert "What changed" not in read("/papers/2611.00007")
    publish(arxiv(2, title="Bounds of $O(n)$"))
    publish(arxiv(3, title="Bounds of $O(n)$", abstract="We bound the <whole> loss."))
    html = read("/papers/2611.00007")
    summaries = re.findall(r"<summary>(What changed.*?)</summary>", html)
    assert summaries == ["What changed in v3, 13 Nov 2026", "What changed in v2, 12 Nov 2026"]
    third, second = re.findall(r'<details class="change">.*?</details>', html, re.DOTALL)
    assert re.findall("<(?:ins|del)>.*?</(?:ins|del)>", third) == [
        '<ins><span class="unseen">added: </span>&lt;whole&gt;<span class="unseen">;</span></ins>'
    ]
    assert re.sub("<[^>]+>", "", third).split("2026")[1].strip() == "We bound the added: &lt;whole&gt;; loss."
    removed, added = re.findall("<(?:ins|del)>.*?</(?:ins|del)>", second)
    assert removed.startswith('<del><span class="unseen">removed: </span><math>')
    assert added.startswith('<ins><span class="unseen">added: </span><math>')
    assert "We bound" not in second


def test_versions_that_we_missed_and_changes_without_one_are_told_as_such(read):
    publish(arxiv(1))
    publish(arxiv(3, abstract="We bound more."))
    assert "What changed from v1 to v3, 13 Nov 2026" in read("/papers/2611.00007")
    publish(replace(arxiv(3, abstract="We bound most."), updated_at=SUNDAY))
    assert "What changed on 22 Nov 2026" in read("/papers/2611.00007")


@pytest.mark.parametrize(
    ("said", "heading"),
    [
        ({"withdrawn": True}, "Withdrawn, says arXiv"),
        ({"retracted": True, "withdrawn": True}, "Retracted, says arXiv"),
    ],
)
def test_a_paper_that_was_taken_back_says_so_above_its_abstract(read, said, heading):
    publish(replace(arxiv(2), notice="Lemma 3 is <b>wrong</b>.", **said))
    html = read("/papers/2611.00007")
    assert html.index(heading) < html.index("Lemma 3 is &lt;b&gt;wrong&lt;/b&gt;.") < html.index(">Abstract<")
    publish(arxiv(3))
    assert heading not in read("/papers/2611.00007")


def test_a_paper_leads_to_the_day_of_its_announcement_if_it_is_in_that_edition(read):
    publish(replace(arxiv(1), announced_on=SUNDAY.date()), paper(8, announced_on=SUNDAY.date()))
    assert 'href="/papers/date/2026-11-22"' not in read("/papers/2611.00008")
    assert '<time datetime="2026-11-22">22 Nov 2026' in read("/papers/2611.00008")
    assert re.search(
        r'Announced</dt>\s*<dd>\s*<a href="/papers/date/2026-11-22">22 Nov 2026', read("/papers/2611.00007")
    )


def test_papers_that_were_taken_back_are_marked_in_lists_and_not_offered_as_similar(read):
    same = {"title": "Sharp bounds for nets", "listed": None}
    publish(paper(1, **same), paper(8, **same | {"title": "Sharp bounds"}), paper(15, **same, retracted=True))
    indexing.catch_up()
    for address in ("/authors/author-a-of-1", "/organizations/cavendish", "/papers?q=bounds"):
        marked = re.findall(r'class="badge">(\w+)</strong>', read(address))
        assert marked == ["Retracted"], address
    beside = read("/papers/2611.00001")
    assert 'href="/papers/2611.00008"' in beside
    assert 'href="/papers/2611.00015"' not in beside
    assert "Retracted" in read("/papers/2611.00001/similar")


def test_maths_in_a_title_is_mathematics(read):
    publish(paper(1, title="Bounds of $O(n^2)$"))
    assert "<math" in read("/papers/2611.00001")


VERSIONED = ["/papers/{}", "/papers/{}.md", "/papers/{}.bib", "/papers/{}.json", "/papers/{}/similar"]
VERSIONED += ["/papers/{}/similar.atom", "/api/papers/{}", "/api/v1/papers/{}", "/api/v1/papers/{}/similar"]


@pytest.mark.parametrize("address", VERSIONED)
def test_a_version_that_a_paper_does_not_have_is_nowhere(client, address):
    publish(paper(7, versions=(Version(1, SUNDAY), Version(2, SUNDAY))))
    for spelt in ("2611.00007v{}", "arXiv:2611.00007v{}", "https://arxiv.org/abs/2611.00007v{}"):
        for version, status in (
            (1, {200, 301}),
            (2, {200, 301}),
            (3, {404}),
            (9, {404}),
            (10, {404}),
            (21, {404}),
        ):
            asked = address.format(spelt.format(version))
            assert client.get(asked).status_code in status, asked


def test_where_no_version_is_numbered_any_may_be_meant(client):
    publish(paper(7))
    assert client.get("/papers/2611.00007v9", follow=True).status_code == 200


def test_a_version_that_is_not_here_is_told_from_a_paper_that_is_not_here(read, client):
    publish(paper(7, versions=(Version(1, SUNDAY),)))
    assert "The paper 2611.00007 is here, but no such version" in read("/papers/2611.00007v9", status=404)
    assert client.get("/papers?q=2611.00007v9").headers["Location"] == "/papers/2611.00007"


def test_a_single_comment_elsewhere_is_not_counted_and_more_lead_there(read):
    publish(paper(1, signals=(Signal("comments", 1),)), paper(2, signals=(Signal("comments", 3),)))
    html = read("/papers/date/2026-11-20")
    assert "1 comment" not in html
    assert re.search(r'href="https://huggingface.co/papers/2611.00002"[^>]*>3 comments', html)


def test_a_film_and_a_picture_are_called_so(read):
    for number, (url, label) in enumerate(
        {"https://film.example/tides.mp4": "Video", "https://film.example/tides.png": "Figure"}.items(), 1
    ):
        publish(paper(number, links=(Link("media", url),)))
        assert re.search(rf'href="{url}"\s+rel="noopener">{label}</a>', read(f"/papers/2611.0000{number}"))


def test_a_paper_of_which_only_the_title_is_known_leads_to_searches_for_it(read):
    publish(replace(paper(1), identifiers=(), links=(), source="saved_page", title="Tides & time"))
    [address] = re.findall(r'href="(/papers/local:[0-9a-f]+)"', read("/papers/date/2026-11-20"))[:1]
    html = read(address)
    assert "https://arxiv.org/search/?searchtype=title&amp;query=%22Tides%20%26%20time%22" in html
    assert "Find it on Google Scholar" in html


def test_a_category_leads_to_the_name_that_is_in_use(read):
    publish(paper(1, categories=("cs.NA",)))
    html = read("/papers/2611.00001")
    assert 'href="/categories/math.NA"' in html
    assert 'href="/categories/cs.NA"' not in html
