"""Two views of every list: chosen on the page and remembered, each kept once for everybody."""

from __future__ import annotations

import re

import pytest
from tests.web.press import FRIDAY, SUNDAY, paper, publish

from broadsheet.accounts import viewing
from broadsheet.accounts.access import Viewer
from broadsheet.accounts.models import Person
from broadsheet.library import saving
from broadsheet.web.papers import find_or_404

pytestmark = pytest.mark.django_db
OURS = {"Sec-Fetch-Site": "same-origin"}
DAY = "/papers/date/2026-11-20"
LISTS = [
    "/",
    DAY,
    "/papers/week/2026-W47",
    "/papers/month/2026-11",
    "/papers/trending",
    "/papers?q=number",
    "/papers/2611.00001/similar",
    "/authors/author-a-of-1",
    "/organizations/mira",
    "/categories/cs.LG",
]


@pytest.fixture
def ada(client) -> Person:
    person = Person.objects.create(handle="ada", vouched_at=SUNDAY)
    client.force_login(person)
    return person


def view(html: str) -> str:
    """The view that the page says it is in, which its papers have, too."""
    pressed = re.findall(r'value="(read|scan)"\s+aria-pressed="true"', html)
    assert len(pressed) == 1
    kinds = {"scan": 'class="row', "read": 'class="card'}
    assert [name for name, kind in kinds.items() if kind in html] == pressed
    return pressed[0]


def choose(client, chosen: str, page: str = DAY):
    headers = OURS | {"Referer": f"http://testserver{page}"}
    return client.post("/settings/view", {"view": chosen}, headers=headers)


@pytest.mark.parametrize("has_papers", [True, False])
@pytest.mark.parametrize("address", [*LISTS, "/library", "/topics/trending", "/papers/undiscovered"])
def test_the_way_past_what_stands_before_the_papers_leads_somewhere(client, ada, address, has_papers):
    if has_papers:
        publish(*(paper(number) for number in range(1, 4)))
        saving.save(Viewer(ada), find_or_404("2611.00001")[0], "arxiv:2611.00001", now=SUNDAY)
    html = client.get(address).text
    skip = re.search(r'class="skip"\s+href="#([\w-]+)"', html)[1]
    assert f'id="{skip}"' in html


@pytest.mark.parametrize("address", LISTS)
def test_every_list_can_be_scanned_and_read(client, address):
    publish(*(paper(number) for number in range(1, 4)))
    for chosen in viewing.VIEWS:
        mark = "&" if "?" in address else "?"
        html = client.get(f"{address}{mark}view={chosen}").text
        if 'class="row' in html or 'class="card' in html:
            assert view(html) == chosen


def test_long_lists_are_for_scanning_and_short_ones_and_the_front_page_for_reading(client):
    publish(*(paper(number) for number in range(30)))
    assert view(client.get(DAY).text) == "read"
    publish(paper(30))
    assert view(client.get(DAY).text) == "scan"
    assert view(client.get("/").text) == "read"


def test_who_is_not_signed_in_is_remembered_by_a_cookie_and_led_back_to_the_list(client):
    publish(paper(1))
    answer = choose(client, "scan", f"{DAY}?sort=newest&view=read")
    assert (answer.status_code, answer["Location"]) == (303, f"{DAY}?sort=newest&view=scan")
    assert client.cookies["view"]["httponly"]
    assert view(client.get("/").text) == view(client.get(DAY).text) == "scan"
    assert view(client.get(f"{DAY}?view=read").text) == "read"


def test_who_is_signed_in_is_remembered_wherever_they_are(client, ada):
    publish(paper(1))
    assert choose(client, "scan", f"{DAY}?view=read")["Location"] == DAY
    assert "view" not in client.cookies
    client.cookies.clear()
    client.force_login(Person.objects.get())
    assert view(client.get(DAY).text) == "scan"


def test_whoever_begins_to_triage_scans_unless_they_chose_to_read(ada):
    viewing.begin_to_scan(Viewer(ada))
    assert Person.objects.get().view == "scan"
    viewing.choose(Viewer(ada), "read")
    viewing.begin_to_scan(Viewer(Person.objects.get()))
    assert Person.objects.get().view == "read"


@pytest.mark.parametrize("said", ["compare", "", "SCAN", "scan\0", "x" * 5000])
def test_what_is_no_view_is_none(client, said):
    publish(paper(1))
    assert view(client.get(DAY, {"view": said}).text) == "read"
    client.cookies["view"] = "nonsense"
    assert view(client.get(DAY).text) == "read"


def test_the_choice_of_one_reader_changes_no_page_of_another(client, ada):
    publish(paper(1))
    choose(client, "scan")
    assert view(client.get(DAY).text) == "scan"
    client.logout()
    assert view(client.get(DAY).text) == "read"


def test_a_row_has_two_stops_by_keyboard_and_a_form_for_each_act(client, ada):
    publish(paper(1))
    html = client.get(f"{DAY}?view=scan").text
    row = re.search(r'<article class="row".*?</article>', html, re.DOTALL)[0]
    closed = re.sub(r"<details.*?</details>", "<summary>", row, flags=re.DOTALL)
    stops = re.findall(r"<(?:a|button|summary)\b(?![^>]*tabindex)[^>]*>", closed)
    # The acts are not shown, and so no stops, until the row is opened.
    assert [stop.split()[0].strip("<>") for stop in stops if "aria-pressed" not in stop][:1] == ["a"]
    assert set(re.findall(r'data-act="(\w+)"', row)) == {"vote", "save", "hide", "read", "seen"}


def test_a_day_for_which_nobody_cared_has_no_lead_but_its_fields_and_is_scanned(client):
    fields = ("cs.CL", "cs.CV", "math.PR", "hep-th", "q-bio.NC", "eess.SP", "cs.LG")
    publish(
        *(
            paper(number, listed=None, announced_on=FRIDAY, signals=(), categories=(field,))
            for number, field in enumerate(fields)
        )
    )
    for address in ("/", DAY):
        html = client.get(address).text
        assert view(html) == "scan"
        assert re.search(r'<details class="contents"\s+open', html)
        assert "Quantitative Biology" in html
        assert 'class="card lead"' not in client.get(f"{address}?view=read").text


def test_the_end_says_what_that_was_and_how_much_is_kept(client, ada):
    publish(*(paper(number) for number in range(1, 4)))
    client.post("/papers/2611.00001/save", {"state": "to_read"}, headers=OURS)
    html = client.get(f"{DAY}?view=scan").text
    assert "That was Friday. 3 papers, 1 kept." in html
    assert "1 of 3 seen · 1 saved" in html
    client.logout()
    html = client.get(f"{DAY}?view=scan").text
    assert "That was Friday. 3 papers." in html
    assert "seen ·" not in html


def test_the_parts_of_a_day_are_counted_exactly_and_lead_to_as_many_papers(client, ada):
    publish(
        paper(1),
        paper(2, links=()),
        paper(3, categories=("cs.CL", "cs.LG")),
        paper(4, listed=None, announced_on=FRIDAY, categories=("cs.CL",), links=()),
    )
    client.post("/papers/2611.00001/seen", {"stands": "yes"}, headers=OURS)
    html = client.get(f"{DAY}?view=scan").text
    offered = dict(
        re.findall(
            r'href="/papers/date/2026-11-20\?only=([\w.]+)".*?class="number"[^>]*>(\d+)<', html, re.DOTALL
        )
    )
    assert offered == {"new": "3", "topics": "0", "code": "2", "cs.CL": "2", "cs.LG": "2"}
    for part, count in offered.items():
        found = client.get(f"{DAY}?view=scan&only={part}").text
        assert found.count('<article class="row"') == int(count), part
    client.logout()
    assert client.get(f"{DAY}?only=new").status_code == 303
    assert client.get(f"{DAY}?only=nonsense").status_code == 404
