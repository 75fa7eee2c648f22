"""Authors and organizations."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.web.press import paper, publish

from broadsheet.papers.record import AuthorName, OrganizationName

pytestmark = pytest.mark.django_db


def test_an_author_has_a_page_with_the_newest_papers_first(read):
    publish(*(paper(number) for number in (7, 14, 8)))
    html = read("/authors/author-a-of-0")
    assert "2 papers" in html
    assert html.index("Paper number 14") < html.index("Paper number 7")
    assert "Paper number 8" not in html


def test_a_paper_without_a_date_is_not_taken_for_the_newest(read):
    publish(paper(7), replace(paper(14, listed=None), published_at=None))
    html = read("/authors/author-a-of-0")
    assert html.index("Paper number 7") < html.index("Paper number 14")


def test_an_author_whose_name_is_not_latin_has_a_page(client, read):
    publish(paper(1, authors=(AuthorName("山田太郎"),)))
    links = [part.split('"')[0] for part in read("/papers/2611.00001").split('href="')]
    assert "山田太郎" in read(next(link for link in links if link.startswith("/authors/")))


def test_organizations_are_listed_by_how_much_they_publish(read):
    publish(*(paper(number) for number in (1, 4, 7, 2)))
    html = read("/organizations")
    assert html.index("Mira &amp; Sons") < html.index("Observatory of the North")
    assert "3 papers" in read("/organizations/mira")


def test_organizations_of_as_many_papers_stand_by_name_and_those_of_one_name_are_told_apart(read):
    named = {"zz": "Alder Lab", "aa": "beech institute", "mm": "Cedar", "cedar2": "Cedar"}
    publish(*(paper(n, organizations=(OrganizationName(*one),)) for n, one in enumerate(named.items(), 1)))
    html = read("/organizations")
    listed = re.findall(
        r'<a href="/organizations/[^"]*">([^<]*)(?:<span class="code">(\w+)</span>)?</a>', html
    )
    assert [(name.strip(), code) for name, code in listed] == [
        ("Alder Lab", ""),
        ("beech institute", ""),
        ("Cedar", "cedar2"),
        ("Cedar", "mm"),
    ]


def test_the_page_of_an_organization_does_not_say_its_name_of_each_paper(read):
    both = (OrganizationName("mira", "Mira & Sons"), OrganizationName("northlab", "North Lab"))
    publish(paper(1, organizations=both), paper(2, organizations=both[:1]))
    html = read("/organizations/mira")
    assert html.count('href="/organizations/mira"') == 0
    assert html.count('href="/organizations/northlab"') == 1
    assert read("/organizations/northlab").count('href="/organizations/mira"') == 1


def test_without_organizations_the_page_says_so(read):
    assert "No paper that we have names an organization" in read("/organizations")


@pytest.mark.parametrize(
    "address", ["/authors/nobody", "/organizations/nowhere", "/authors/%F0%9F", "/authors/a/b"]
)
def test_who_is_unknown_is_not_found(read, address):
    read(address, status=404)


@pytest.mark.parametrize("address", ["/authors/author-a-of-0", "/organizations/mira"])
def test_a_list_costs_the_same_queries_for_10_and_for_40_papers(client, count_queries, address):
    publish(*(paper(21 * number + 7) for number in range(10)))
    few = count_queries(client.get, address)
    publish(*(paper(21 * number + 7) for number in range(10, 40)))
    assert count_queries(client.get, address) == few <= 10


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("/organizations?name=north", ["Observatory of the North"]),
        ("/organizations?name=nowhere", []),
        ("/authors?name=B+of+2", ["Author B of 2"]),
    ],
)
def test_a_name_is_found_by_a_part_of_it(read, address, listed):
    publish(paper(1), paper(2))
    main = read(address).partition("<main")[2]
    assert re.findall(r'<li><a href="/(?:organizations|authors)/[^"]*">([^<]*?)</a>', main) == listed


def test_the_authors_with_the_most_papers_come_first(read):
    publish(paper(1), paper(8), paper(2))
    html = read("/authors")
    assert html.index("Author A of 1") < html.index("Author A of 2")
