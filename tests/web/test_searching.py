"""The search page: what it finds, why, and what it offers to narrow it down."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.web.press import Links, paper, publish

from broadsheet.papers.models import Tally
from broadsheet.papers.record import AuthorName, OrganizationName
from broadsheet.search import engines, indexing
from broadsheet.search.query import fields
from broadsheet.search.query.language import parse
from broadsheet.web import searching
from broadsheet.web.narrowing import EXAMPLES

pytestmark = pytest.mark.django_db
TELLING = "At last the training of the network diverges."
LONG = "We say what everybody knows already. " * 12 + TELLING + " And then we go on for some time." * 12


@pytest.fixture
def indexed():
    """Publish papers and index their words."""

    def run(*records):
        publish(*records)
        while indexing.catch_up():
            pass

    return run


def headlines(html: str) -> list[str]:
    return [
        unescape(re.sub("</?mark>", "", one))
        for one in re.findall(r'class="headline"><a[^>]*>(.*?)</a>', html)
    ]


def words(html: str) -> str:
    """The text of a page without its tags, on one line."""
    return unescape(" ".join(re.sub("<[^>]*>", " ", html).split()))


def link(html: str, text: str) -> str:
    """The address that the first link with this text leads to."""
    for address, inside in re.findall(r'<a[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL):
        if words(inside).replace("\xa0", " ").startswith(text):
            return unescape(address)
    pytest.fail(f"no link {text!r}")


def asked(address: str) -> dict[str, str]:
    return {name: value for name, (value,) in parse_qs(urlsplit(address).query).items()}


def test_a_search_finds_words_marks_them_and_says_what_it_could_not_do(read, indexed):
    indexed(paper(1, title="Grasping with soft hands"), paper(2, title="Reading old books"))
    html = read("/papers?q=grasp")
    assert headlines(html) == ["Grasping with soft hands"]
    assert "<mark>Grasping</mark> with soft hands" in html
    assert "1 paper with this word" in words(html)
    assert 'value="grasp"' in html
    assert 'class="note"' in html


def test_a_result_shows_only_the_part_of_the_abstract_that_says_why(read, indexed):
    indexed(paper(1, abstract=LONG))
    html = read("/papers?q=networks+diverging")
    excerpt = re.search(r'class="excerpt">(.*?)</p>', html)[1]
    assert "training of the <mark>network diverges</mark>" in excerpt
    assert len(excerpt) < len(LONG) / 2
    assert html.count("<mark>network diverges</mark>") == 1


def test_a_card_says_what_words_and_meaning_have_in_its_place(read, indexed):
    indexed(
        paper(1, title="Grasping with soft hands", abstract="A robot hand grasps soft objects."),
        paper(2, title="Hands that hold", abstract="A soft robot hand learns to hold and to grip an object."),
        paper(3, title="Reading old books"),
    )
    indexing.embed_due()
    html = read("/papers?q=grasping+objects+with+a+soft+robot+hand")
    assert "1 paper with these words · 1 close in meaning" in words(html)
    first, second = html.split('class="facts"')[1:3]
    assert "matches words and meaning" in words(first)
    assert re.search(r'title="What its place comes from: words \d+ %, meaning \d+ %"', first)
    assert ("close in meaning" in words(first), "close in meaning" in words(second)) == (False, True)
    assert headlines(read(link(html, "1 paper with these words"))) == ["Grasping with soft hands"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hands", "2 papers with this word"),
        ("soft hands", "1 paper with these words"),
        ("hands -soft", "1 matching paper"),
        ('"soft hands" OR "hard hands"', "2 matching papers"),
        ("year:2026", "2 papers"),
    ],
)
def test_the_number_of_papers_says_what_it_is_that_they_have(read, indexed, typed, said):
    indexed(paper(1, title="Soft hands"), paper(2, title="Hard hands"))
    assert f"{said} " in words(read(f"/papers?{urlencode({'q': typed})}"))


def test_where_nothing_matches_in_another_order_best_first_is_offered(read, indexed):
    indexed(*(paper(n, title=f"Hands that hold {n}", abstract="A soft robot hand grips.") for n in range(4)))
    indexing.embed_due()
    typed = "q=automatic+hands+of+a+robot+that+can+grip+softly"
    html = read(f"/papers?{typed}&sort=date")
    assert "No paper was found" in html
    assert len(headlines(read(link(html, "Best first")))) == 4
    assert "Best first" not in read("/papers?q=year:1980&sort=date")


def test_a_paper_that_is_not_here_is_said_to_be_missing_once(read, indexed):
    indexed(paper(1))
    shown = words(read("/papers?q=1706.03762"))
    assert "1706.03762 is not in this catalogue" in shown
    assert "No paper was found" not in shown


def test_a_question_that_nothing_matches_says_so_once_beside_how_far_the_index_is(read, indexed):
    indexed(*(paper(n, title=f"Hands that hold {n}", abstract="A soft robot hand grips.") for n in range(4)))
    nothing = words(read("/papers?q=xqzzvblorp"))
    assert nothing.count("No paper") == 1
    assert "No paper was found. Read the latest edition" in nothing
    assert "Search by meaning is not ready yet" in nothing
    indexing.embed_due()
    shown = words(read("/papers?q=automatic+hands+of+a+robot+that+can+grip+softly"))
    assert "No paper has all of these words; these are close in meaning." in shown
    assert "4 papers close in meaning" in shown
    assert "No paper was found" not in shown
    assert "No paper has this word; these are close in meaning." in words(read("/papers?q=gripping-hands"))


def test_before_anything_is_found_by_meaning_nothing_is_called_close_in_meaning(read, indexed):
    indexed(
        paper(1, title="Soft hands", abstract="A robot."), paper(2, title="Old books", abstract="A library.")
    )
    shown = words(read("/papers?q=soft+hands+library"))
    assert "No paper has all of these words; these have some of them." in shown
    assert "1 paper with some of the words" in shown
    assert "close in meaning" not in shown


def test_who_was_asked_for_is_marked(read, indexed):
    indexed(paper(1, authors=(AuthorName("Hedda Ruiz"), AuthorName("Ivan Petrov"))), paper(2))
    for typed in ("hedda+ruiz", "paper+author%3Aruiz"):
        assert re.search('href="/authors/[^"]*"><mark>Hedda Ruiz</mark></a>', read(f"/papers?q={typed}"))
    assert "<mark>Mira &amp; Sons</mark>" in read("/papers?q=org%3Amira")


def test_papers_that_are_nearly_the_same_stand_under_the_best_of_them(read, indexed):
    indexed(
        paper(1, title="Grasping with soft hands", abstract=LONG),
        paper(2, title="Grasping with soft hands!", abstract=LONG + "Indeed."),
        paper(3, title="Reading old books on grasping"),
    )
    while indexing.embed_due():
        pass
    html = read("/papers?q=grasping")
    assert len(headlines(html)) == 2
    assert "3 papers with this word" in words(html)
    assert re.search("1 paper nearly the same .*Grasping with soft hands", words(html))


def test_all_numbers_are_one_click_away(read, indexed):
    indexed(paper(1, title="Grasping with soft hands"), paper(2))
    indexing.embed_due()
    assert "Show the numbers" not in read("/papers?q=grasping&sort=date")
    html = read("/papers?q=grasping")
    assert "cosine" not in html
    numbers = read(link(html, "Show the numbers"))
    assert re.search(
        r"Words place 1, BM25 \d+\.\d{3}, adds .* Meaning place 1, cosine 0\.\d{3}", words(numbers)
    )
    assert asked(link(numbers, "Hide the numbers")) == {"q": "grasping"}


@pytest.mark.parametrize("typed", ["2611.00003", "arXiv:2611.00003v2", "https://arxiv.org/abs/2611.00003"])
def test_an_identifier_typed_alone_goes_to_its_paper(client, typed):
    publish(paper(3))
    response = client.get("/papers", {"q": typed})
    assert (response.status_code, response.headers["Location"]) == (302, "/papers/2611.00003")


def test_an_identifier_that_is_not_here_leads_to_where_it_is(read, indexed):
    indexed(paper(1))
    html = read("/papers?q=2611.99999")
    assert "2611.99999 is not in this catalogue" in html
    assert "https://arxiv.org/abs/2611.99999" in html


def test_the_pages_of_a_search_carry_everything_with_them(client, read, indexed):
    indexed(*(paper(number, title=f"Paper {number} on salt & pepper") for number in range(60)))
    html = read("/papers?q=salt+%26+%22pepper%22&sort=votes&explain=1")
    following = unescape(re.search(r'rel="next"[^>]*?href="([^"]+)"', html)[1])
    assert asked(following) == {"q": 'salt & "pepper"', "sort": "votes", "explain": "1", "page": "2"}
    second = read(following)
    assert (len(headlines(html)), len(headlines(second))) == (25, 25)
    assert not set(headlines(html)) & set(headlines(second))
    assert client.get("/papers?q=salt&page=4").status_code == 404


def test_results_come_in_the_order_asked_for(read, indexed):
    indexed(
        paper(1, title="Soft hands", published=date(2026, 11, 1)),
        paper(2, title="Hands, soft", published=date(2026, 11, 12)),
        paper(9, title="Hands", published=date(2026, 10, 1)),
    )
    html = read("/papers?q=soft+hands")
    for order, first in (("Newest first", "Hands, soft"), ("Most upvotes", "Hands, soft")):
        assert headlines(read(link(html, order)))[0] == first
    newest = read(link(html, "Newest first"))
    assert re.search(r'aria-current="true"[^>]*>Newest first<', newest)
    assert asked(link(newest, "Best first")) == {"q": "soft hands"}


@pytest.mark.parametrize("asked_for", ["q=salt&sort=votes", "q=salt&sort=comments", "q=salt+votes:>5"])
def test_what_asks_for_counts_shows_them_as_they_are_now(read, indexed, asked_for):
    indexed(paper(1, title="One salt"), paper(2, title="Two salts"))
    for number, first in enumerate(("One salt", "Two salts", "One salt"), start=1):
        Tally.objects.update(votes=0, comments=0, stamp=10 * number)
        rows = Tally.objects.filter(paper__title=first)
        rows.update(votes=9, comments=9, stamp=10 * number)
        assert headlines(read(f"/papers?{asked_for}"))[0] == first


def test_a_facet_adds_to_the_query_and_is_taken_away_again(read, indexed):
    indexed(
        paper(1, title="Soft hands", categories=("cs.RO",)),
        paper(2, title="Soft skills", categories=("cs.CY",), published=date(2025, 3, 1)),
    )
    html = read("/papers?q=soft")
    narrower = link(html, "Robotics")
    assert asked(narrower) == {"q": "soft cat:cs.RO"}
    narrowed = read(narrower)
    assert headlines(narrowed) == ["Soft hands"]
    assert asked(link(narrowed, "cat:cs.RO")) == asked(link(narrowed, "Robotics")) == {"q": "soft"}
    assert asked(link(html, "2025")) == {"q": "soft year:2025"}
    assert headlines(read(link(html, "Mira & Sons"))) == ["Soft hands"]


def test_what_all_results_have_is_not_offered(read, indexed):
    indexed(paper(1, categories=("cs.RO", "cs.LG")), paper(4, categories=("cs.CY", "cs.LG")))
    html = read("/papers?q=cat%3Acs.LG")
    facets = html[html.index('class="facets"') : html.index('class="found"')]
    assert re.findall(r'class="code">([\w.]+)<', facets) == ["cs.LG", "cs.CY", "cs.RO"]
    assert "With" not in words(facets)


def test_robots_are_asked_not_to_follow_what_narrows_a_search(read, indexed):
    indexed(*(paper(number, categories=(f"cs.{('AI', 'LG', 'CV')[number % 3]}",)) for number in range(9)))
    html = read("/papers?q=paper")
    for tag in re.findall(r'<a[^>]*href="/papers\?[^>]*>', html):
        assert "nofollow" in tag or 'rel="next"' in tag, tag


def test_a_filter_alone_lists_all_its_papers_the_newest_first(read, indexed):
    indexed(*(paper(number, published=date(2026, 10, number)) for number in range(1, 10)))
    html = read("/papers?q=cat%3Acs.LG")
    assert "9 papers" in words(html)
    assert "ranked" not in words(html)
    assert headlines(html) == [f"Paper number {number}" for number in range(9, 0, -1)]
    assert "Best first" not in html


def test_what_is_not_understood_is_searched_as_words_and_told(read, indexed):
    indexed(paper(1, title="Colour and shade"))
    html = read("/papers?q=colour%3Ared")
    assert re.search(r'class="note">[^<]*colour', html)


def test_a_search_without_result_is_no_dead_end(read, indexed):
    indexed(*(paper(number, title=f"Grasping part {number}") for number in range(4)))
    indexing.embed_due()
    html = read("/papers?q=%22part+grasping%22")
    assert "No paper was found" in html
    assert headlines(html)[0].startswith("Grasping part")
    assert "Close in meaning, without the conditions" in html
    for onward in ('href="/"', 'href="/papers/trending"', "teaching%20robots"):
        assert onward in html
    assert headlines(read(link(html, "part grasping")))


def test_a_filter_that_nothing_satisfies_offers_the_query_without_it(read, indexed):
    indexed(paper(1, title="Soft hands"), paper(2, title="Soft skills"))
    html = read("/papers?q=soft+year%3A1980&sort=date&explain=1")
    assert "soft 2 papers" in words(html)
    assert asked(link(html, "soft")) == {"q": "soft", "sort": "date", "explain": "1"}


@pytest.mark.parametrize("typed", ["divergnce", '"divergnce"', "title:divergnce"])
def test_a_misspelt_word_is_offered_as_it_is_spelt(read, indexed, typed):
    indexed(*(paper(number, title=f"Divergence, part {number}") for number in range(4)))
    html = read(f"/papers?q={quote(typed)}")
    offered = link(html[html.index("Did you mean") :], typed.replace("divergnce", "divergence"))
    assert asked(offered) == {"q": typed.replace("divergnce", "divergence")}
    assert headlines(read(offered))


MEANINGS = (
    "Heat diffusion {} through metal plates, measured in a furnace with thermometers.",
    "Latent diffusion {} draws pictures of cats from noise, guided by a text prompt.",
)


def test_the_senses_of_a_question_are_one_click_apart(read, indexed):
    indexed(
        *(
            paper(number, title=f"Diffusion study {number}", abstract=MEANINGS[number % 2].format(number))
            for number in range(32)
        )
    )
    while indexing.embed_due():
        pass
    html = read("/papers?q=diffusion&explain=1")
    chips = re.findall(r'class="chip"\s+href="([^"]*)"', html)
    assert len(chips) == 2
    for address in map(unescape, chips):
        sense = read(address)
        assert asked(address).items() >= {"q": "diffusion", "explain": "1"}.items()
        shown = {int(title.rpartition(" ")[2]) % 2 for title in headlines(sense)}
        assert len(shown) == 1
        assert asked(
            unescape(re.search(r'href="([^"]*)"[^>]*aria-current="true"[^>]*>[^<]*&nbsp;<span', sense)[1])
        ) == {
            "q": "diffusion",
            "explain": "1",
        }


def test_without_a_question_all_papers_are_there_the_newest_first(read, indexed):
    indexed(paper(1, listed=None), paper(2), paper(3))
    assert (
        headlines(read("/papers"))
        == headlines(read("/papers?q=+"))
        == [f"Paper number {n}" for n in (3, 2, 1)]
    )
    assert "3 papers" in words(read("/papers"))


def test_an_index_that_is_not_there_is_told_not_fatal(read):
    publish(paper(1))
    assert read("/papers?q=paper").count("0 of 1 can be found by words so far") == 1


def test_a_search_of_an_empty_catalogue_leads_to_how_to_fill_it(read):
    assert "says how to fill the catalogue" in words(read("/papers"))
    assert "Or read" not in read("/papers?q=paper")


def test_every_field_has_an_example_and_every_example_is_understood():
    typed = [one for _, examples in EXAMPLES for one in examples]
    for one in typed:
        assert not parse(one).notes, one
    for field in fields.EXAMPLES:
        assert any(one.startswith(f"{field}:") for one in typed), field


@pytest.mark.parametrize(
    "address",
    ["/papers?q=paper&sort=colour", "/papers?q=paper&page=0", "/papers?q=paper&page=x", "/papers?page=-1"],
)
def test_what_no_search_page_has_is_not_found_and_told(read, indexed, address):
    indexed(paper(1))
    assert 'role="search"' in read(address, status=404)


@pytest.mark.parametrize("sense", ["nothing of the kind", "%00", "x" * 500, "%FF"])
def test_a_sense_that_is_no_longer_there_has_an_answer(client, indexed, sense):
    indexed(paper(1))
    assert client.get(f"/papers?q=paper&sense={sense}").status_code in {200, 404}


ODD = st.text(max_size=120) | st.text("()\"-: ORcatyer><.,0129$\\{}&'", max_size=120)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ODD, ODD)
def test_whatever_is_typed_has_an_answer(client, typed, sense):
    assert client.get("/papers", {"q": typed, "sense": sense}).status_code in {200, 302}


@pytest.mark.parametrize(
    "query",
    [
        "%FF%FE%00",
        quote("x" * 10_000),
        quote("a OR " * 2_000),
        quote("(" * 5_000 + ")" * 5_000),
        quote("-a " * 3_000),
        quote('"a b" ' * 1_500),
        quote("year:" * 2_000),
        quote("cat:cs.LG year:2024 " * 400),
        quote("🦄" * 2_500),
    ],
)
def test_a_long_or_broken_query_has_an_answer(client, indexed, query):
    indexed(paper(1))
    assert client.get(f"/papers?q={query}").status_code in {200, 400}


def test_a_text_that_was_pasted_is_not_repeated_in_dozens_of_links(client, indexed):
    indexed(*(paper(number, categories=(f"cs.{('AI', 'LG', 'CV')[number % 3]}",)) for number in range(9)))
    assert len(client.get("/papers", {"q": "paper " * 1_600}).content) < 200_000


def test_every_link_that_narrows_a_search_leads_somewhere(client, indexed):
    indexed(
        *(
            paper(
                number,
                authors=(AuthorName('Nick "the quote" O\'Neil'),),
                organizations=(OrganizationName("odd", 'The "odd" (lab): R&D'),),
                categories=("cs.LG", "weird:code"),
            )
            for number in range(1, 4)
        ),
        paper(7),
    )
    for target in Links(client.get("/papers?q=paper").content.decode()).targets:
        if target.startswith("/papers?"):
            assert client.get(target).status_code in {200, 302}, target


def test_a_search_costs_the_same_queries_for_10_and_for_40_papers(client, count_queries, indexed):
    indexed(*(paper(number) for number in range(10)))
    few = count_queries(client.get, "/papers?q=paper")
    indexed(*(paper(number) for number in range(10, 40)))
    assert count_queries(client.get, "/papers?q=paper") == few <= 10


def test_pages_go_on_through_what_is_only_close(read, indexed, monkeypatch):
    monkeypatch.setattr(searching, "RESULTS", 3)
    grips = ("holds a cup", "turns a key in its lock", "folds towels", "picks ripe fruit")
    indexed(
        *(paper(n, title=f"A robot hand {grip}", abstract=f"It {grip}.") for n, grip in enumerate(grips, 1)),
        paper(9, title="Robot hands that see", abstract="Cameras guide the soft grip of a robot hand."),
    )
    while indexing.embed_due():
        pass
    asked = "/papers?q=cameras+guide+a+robot+hand"
    first = read(asked)
    told = re.search(r"1 paper with these words · (\d) close in meaning", words(first))
    assert len(headlines(first)) == 3
    second = read(unescape(re.search(r'rel="next"[^>]*?href="([^"]+)"', first)[1]))
    assert len(headlines(second)) == int(told[1]) - 2 > 0


def test_the_end_of_what_was_looked_at_is_no_count_of_what_is_close(read, indexed, monkeypatch):
    indexed(
        *(paper(n, title=f"Hands that hold {n}", abstract="A soft robot hand grips.") for n in range(6)),
        *(paper(n, title=f"Cheese number {n}", abstract="How it is made.") for n in range(6, 12)),
    )
    by_words = "/papers?q=hands+cheese"
    assert "12 papers with some of the words" in words(read(by_words))
    assert "these have some of them" in words(read(by_words))
    monkeypatch.setattr(engines, "CANDIDATES", 4)
    assert "the 4 papers with most of the words" in words(read(by_words + "&explain=1"))
    while indexing.embed_due():
        pass
    asked = "/papers?q=automatic+hands+of+a+robot+that+can+grip+softly"
    assert re.search(r"the \d papers closest in meaning", words(read(asked)))
    monkeypatch.setattr(engines, "CANDIDATES", 300)
    # What was worked out for the question before is kept.
    assert "6 papers close in meaning" in words(read(asked + "+now"))
