"""Dates in every form that people and programs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.partial_dates import PartialDate
from broadsheet.sources.files.dates import day_in, fullest, month_of

WRITTEN = {
    "2024-05-03": "2024-05-03",
    "2024/05/03/": "2024-05-03",
    "3 May 2024": "2024-05-03",
    "2024": "2024",
    "05/2020": "2020-05",
    "5-2020": "2020-05",
    "05.2020": "2020-05",
    "1.5.2020": "2020-05-01",
    "1. 5. 2020": "2020-05-01",
    "01.05.2020": "2020-05-01",
    "12/05/2024": "2024-05-12",
    "05/13/2024": "2024-05-13",
    "13/05/2024": "2024-05-13",
    "2024年5月3日": "2024-05-03",
    "2024年5月": "2024-05",
    "2024年": "2024",
    "2024년 5월 3일": "2024-05-03",
    "２０２４年５月３日": "2024-05-03",
    "20240503": "2024-05-03",
    "202405": "2024-05",
    "2020-05/2020-06": "2020-05",
    "2020-05-03/2020-05-07": "2020-05-03",
    "2019/2020": "2019",
    "2020-05~": "2020-05",
    "2020?": "2020",
    "2020-05-03?": "2020-05-03",
    "../2020-05": "2020-05",
    "/2020-05-03": "2020-05-03",
    "2020-05/..": "2020-05",
    "2020-21": "2020",
    "Spring 2020": "2020",
    "2020 Winter": "2020",
    "May 2020": "2020-05",
    "2020 May 3": "2020-05-03",
    "2020 May": "2020-05",
    "2020-XX": "2020",
    "2020-05-XX": "2020-05",
    "199X": None,
    "19XX": None,
    "2024-05-03T12:34:56Z": "2024-05-03",
    "2024-05-03T12:34:56+02:00": "2024-05-03",
    "2024-05-03 12:00": "2024-05-03",
    "2016/10/19/": "2016-10-19",
    "2013//": "2013",
    "2013///Spring": "2013",
    "2013/05//": "2013-05",
    "2013/00/00": "2013",
    "2013-00-00": "2013",
    "2020-02-30": "2020-02",
    "c2020": "2020",
    "[2020]": "2020",
    "in press, 2020": "2020",
    "May 5--10, 2020": "2020-05-05",
    "5-10 July 2020": "2020-07-05",
    "July 5, 2020": "2020-07-05",
    "July 5th, 2020": "2020-07-05",
    "3rd May 2020": "2020-05-03",
    "Jul-Aug 2020": "2020-07",
    "03-May-2020": "2020-05-03",
    "03May2020": "2020-05-03",
    "20-MAY-2020": "2020-05-20",
    "Fri, 3 May 2024 12:30:00 GMT": "2024-05-03",
    "2020 Jan-Feb": "2020-01",
    "2020 Sept. 5": "2020-09-05",
    "": None,
    "n.d.": None,
    "1999": "1999",
    "2024.05.03": "2024-05-03",
    "2024. 5. 3.": "2024-05-03",
    "2024-5-3": "2024-05-03",
    "99/99/2020": "2020",
    "00/05/2020": "2020-05",
    "2020/2021": "2020",
    "2020–2021": "2020",
    "2024-W05": "2024",
    "2024-123": "2024",
    "2020-06-15/..": "2020-06-15",
    "2004-06~/2004-08": "2004-06",
    "2001-21^x": "2001",
    "{2020-05}": "2020-05",
    "1964/2008": "1964",
    "1.13.2020": "2020-01-13",
    "5º de março de 2020": "2020-03-05",
    "1er mai 2020": "2020-05-01",
    "3 de mayo de 2020": "2020-05-03",
    "lundi 5 février 2020": "2020-02-05",
    "2020/Mai/03": "2020-05-03",
    "03août2020": "2020-08-03",
    "juin-juillet 2020": "2020-06",
    "Décembre 2019/Janvier 2020": "2019-12",
    "2019 Dec-2020 Jan": "2019-12",
    "2019 Dec 15-2020 Jan": "2019-12-15",
    "out March 2020": "2020-03",
}
# As each language writes its months, whole and short; what may be two months is none.
MONTHS = (
    (
        "January|Jan. February|Feb. March|Mar. April|Apr. May June|Jun. July|Jul. August|Aug. September|Sept. October|Oct."
        " November|Nov. December|Dec."
    ),
    (
        "Januar|Jan.|Jänner|Jaenner Februar|Feb.|Feber März|Maerz|Mrz|Mär. April|Apr. Mai Juni|Jun. Juli|Jul."
        " August|Aug. September|Sept. Oktober|Okt. November|Nov. Dezember|Dez."
    ),
    (
        "janvier|janv. février|fevrier|févr.|fév. mars avril|avr. mai juin juillet|juil. août|aout|aoû septembre|sept."
        " octobre|oct. novembre|nov. décembre|déc.|decembre"
    ),
    (
        "enero|ene. febrero|feb. marzo|mar. abril|abr. mayo|may. junio|jun. julio|jul. agosto|ago."
        " septiembre|setiembre|sep. octubre|oct. noviembre|nov. diciembre|dic."
    ),
    (
        "gennaio|gen. febbraio|feb. marzo|mar. aprile|apr. maggio|mag. giugno|giu. luglio|lug. agosto|ago."
        " settembre|set.|sett. ottobre|ott. novembre|nov. dicembre|dic."
    ),
    (
        "janeiro|jan. fevereiro|fev. março|marco|mar. abril|abr. maio|mai. junho|jun. julho|jul. agosto|ago."
        " setembro|set. outubro|out. novembro|nov. dezembro|dez."
    ),
    (
        "januari|jan. februari|feb. maart|mrt. april|apr. mei juni|jun. juli|jul. augustus|aug. september|sep."
        " oktober|okt. november|nov. december|dec."
    ),
    "januari februari mars|marts april maj|mai juni juli augusti|august september oktober november desember|december",
)
NO_MONTHS = (
    "jui",
    "Frühjahr",
    "Printemps",
    "otoño",
    "Brumaire",
    "mercredi",
    "Sonntag",
    "soon",
    "xyz",
    "Ⅲ",
    "V",
    "13",
)
IN_FIELDS = {
    ("2020", "5"): "2020-05",
    ("2020", "may"): "2020-05",
    ("2020", "July-August"): "2020-07",
    ("2020", "5-10 July"): "2020-07",
    ("2020", "10 July"): "2020-07-10",
    ("2020", "may", "3"): "2020-05-03",
    ("2020", "8~aug"): "2020-08-08",
    ("2020-05-03", ""): "2020-05-03",
    ("2020", "13"): "2020",
    ("2020", ""): "2020",
    ("", "may"): None,
    ("2020", "May 2020"): "2020-05",
    ("2020", "05", "03"): "2020-05-03",
    ("May 2020", ""): "2020-05",
    ("2020", "Spring"): "2020",
}


@pytest.mark.parametrize(("text", "known"), WRITTEN.items())
def test_a_date_is_read_as_far_as_it_is_said(text: str, known: str | None) -> None:
    found = day_in(text)
    assert (found and str(found)) == known


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (number, name)
        for months in MONTHS
        for number, names in enumerate(months.split(), start=1)
        for name in names.split("|")
    ],
)
def test_months_have_the_names_of_many_languages(number: int, name: str) -> None:
    for written in (name, name.rstrip("."), name.upper(), name.capitalize()):
        assert str(day_in(f"3. {written} 2020")) == f"2020-{number:02}-03"
        assert str(day_in(f"{written} 2020")) == f"2020-{number:02}"
        assert str(day_in(f"2020 {written} 3")) == f"2020-{number:02}-03"
        assert str(month_of("2020", written)) == f"2020-{number:02}"


@pytest.mark.parametrize("text", NO_MONTHS)
def test_what_names_no_month_leaves_the_year(text: str) -> None:
    assert str(month_of("2020", text)) == "2020"
    assert str(day_in(f"{text} 2020") if text != "13" else day_in("2020")) == "2020"


@pytest.mark.parametrize(("said", "known"), IN_FIELDS.items())
def test_year_month_and_day_may_stand_in_fields_of_their_own(
    said: tuple[str, ...], known: str | None
) -> None:
    found = month_of(*said)
    assert (found and str(found)) == known


@given(st.dates(min_value=PartialDate(1500).first, max_value=PartialDate(2199).first))
def test_every_day_is_read_in_every_form_that_leaves_no_doubt(day):
    for form in (
        "%Y-%m-%d",
        "%Y/%m/%d",
        "%Y%m%d",
        "%d.%m.%Y",
        "%d %B %Y",
        "%B %d, %Y",
        "%Y %b %d",
        "%Y年%m月%d日",
    ):
        assert str(day_in(day.strftime(form))) == day.isoformat()
    assert str(day_in(day.strftime("%m/%Y"))) == day.isoformat()[:7]
    assert str(day_in(day.strftime("%Y"))) == day.isoformat()[:4]


@given(st.text())
def test_any_text_gives_a_date_or_none(text):
    assert day_in(text) is None or 1500 <= day_in(text).year < 2200
    assert month_of(text, text, text) is None or month_of("2024", text, text).year == 2024


def test_the_date_that_says_most_is_taken():
    assert str(fullest([day_in("2013"), day_in("2014/04/01"), None])) == "2014-04-01"
    assert fullest([None]) is None
