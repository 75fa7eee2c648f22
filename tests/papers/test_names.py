"""Names: addresses that lose no letter, the spelling that is shown, and what is no name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.names import are_plain, chosen, is_group, name_slug, told_apart
from broadsheet.papers.record import AuthorName, Record

# Large parts of Unicode in which each letter is as the next, and which have most of all letters.
ALIKE = re.compile("(?:CJK UNIFIED|TANGUT) IDEOGRAPH|HANGUL SYLLABLE")


@cache
def letters(step: int) -> list[str]:
    """The letters of Unicode, every so many of those that are alike; not looked for before a test needs them."""
    every = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code))[0] == "L"]
    return [one for one in every if ord(one) % step == 0 or not ALIKE.match(unicodedata.name(one, ""))]


letter_by_letter = pytest.mark.parametrize("step", [50, pytest.param(1, marks=pytest.mark.thorough)])


def record(*authors: AuthorName) -> Record:
    return Record(source="bibtex", key="k", title="Tides", authors=authors)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Łucja Vale", "lucja-vale"),
        ("Søren Ek", "soren-ek"),
        ("Đặng Vân", "dang-van"),
        ("Ø. Strand", "o-strand"),
        ("И. Vale", "и-vale"),
        ("Γ. Vale", "γ-vale"),
        ("O'Brien, José", "obrien-jose"),
        ("Jean‐Luc O’Brien", "jean-luc-obrien"),
        ("İnci Işık", "inci-isik"),
        ("Weiß ſo ﬁn", "weiss-so-fin"),
        ("Андрей Королёв", "андрей-королев"),
        ("Σίσυφος", "σισυφοσ"),
        ("कि शोर", "कि-शोर"),
        ("ที่รัก", "ที่รัก"),
        ("علی\u200cرضا", "علیرضا"),
        ("김 철수", "김철수"),
        ("林 海", "林海"),
        ("が カ", "がカ"),
    ],
)
def test_an_address_keeps_every_letter(name, slug) -> None:
    assert name_slug(name) == slug


@letter_by_letter
def test_no_letter_of_any_script_vanishes_from_an_address(step: int) -> None:
    vanished = [
        letter
        for letter in letters(step)
        if (slug := name_slug(f"{letter}. Vale")) == "vale"
        or not slug.endswith("-vale")
        or name_slug(letter) == name_slug("")
    ]
    assert vanished == []


@letter_by_letter
def test_letters_that_are_no_spellings_of_each_other_make_different_addresses(step: int) -> None:
    def letter_alone(letter: str) -> str:
        parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
        return "".join(part for part in parts if unicodedata.category(part)[0] == "L")

    kept = {one for one in letters(step) if one == letter_alone(one) and name_slug(one) == one}
    assert len({name_slug(letter) for letter in kept}) == len(kept) > (100_000 if step == 1 else 10_000)


@given(st.text(min_size=1, max_size=300))
def test_the_address_of_an_address_is_that_address(name: str) -> None:
    slug = name_slug(name)
    assert name_slug(slug) == slug
    assert 0 < len(slug) <= 120


@given(st.text(st.sampled_from("aéłßйИकि김林 -'’ʹ·l\u0301\u0306ıİ")))
def test_an_address_does_not_depend_on_case_and_on_how_a_letter_is_composed(name: str) -> None:
    spellings = [unicodedata.normalize(form, name) for form in ("NFC", "NFD")]
    assert len({name_slug(one) for one in spellings}) == 1 or not any(map(str.isalnum, name))


def test_long_names_that_differ_at_the_end_do_not_share_an_address() -> None:
    assert name_slug("Vale " * 60 + "A") != name_slug("Vale " * 60 + "B")


@pytest.mark.parametrize(
    ("spellings", "shown"),
    [
        ({"Jose Vale": 2, "José Vale": 1}, ("Jose Vale", 1)),
        ({"Jose Vale": 1, "José Vale": 1}, ("José Vale", 0)),
        ({"Lucja Vale": 3, "Łucja Vale": 3}, ("Łucja Vale", 0)),
        ({"JOSE VALE": 1, "Jose Vale": 1}, ("Jose Vale", 0)),
        ({"Ada Vale": 4}, ("Ada Vale", 4)),
    ],
)
def test_the_spelling_that_is_printed_most_is_shown_then_that_with_accents(spellings, shown) -> None:
    assert chosen(spellings) == chosen(dict(reversed(spellings.items()))) == shown


@pytest.mark.parametrize(
    "name",
    [
        ":",
        ";",
        "…",
        "12",
        "et al",
        "et al.",
        "Et. al.",
        "ET AL",
        "and others",
        "others",
        "u.a.",
        "等",
        "и др.",
    ],
)
def test_what_is_no_name_is_nobody(name) -> None:
    assert told_apart(name) == ()
    assert record(AuthorName("Ada Vale"), AuthorName(name)).authors == (AuthorName("Ada Vale"),)


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (AuthorName("A. Vale et al.", "al.", "A. Vale et"), [AuthorName("A. Vale")]),
        (AuthorName("and Ada Vale", "Vale", "and Ada"), [AuthorName("Ada Vale", "Vale", "Ada")]),
        (
            AuthorName("TideLab: Ada Vale", "Vale", "TideLab: Ada"),
            [AuthorName("TideLab", "TideLab"), AuthorName("Ada Vale", "Vale", "Ada")],
        ),
        (AuthorName("Tide Team", "Team", "Tide"), [AuthorName("Tide Team", "Tide Team")]),
        (AuthorName("海 林", "林", "海"), [AuthorName("林海", "林", "海")]),
        (AuthorName("林 海"), [AuthorName("林海")]),
        (AuthorName("김 철수", "김 철수"), [AuthorName("김철수", "김철수")]),
        (AuthorName("ジョン スミス"), [AuthorName("ジョン スミス")]),
        (AuthorName("清华大学 潮汐小组"), [AuthorName("清华大学 潮汐小组")]),
        (AuthorName("Hai 林", "林", "Hai"), [AuthorName("Hai 林", "林", "Hai")]),
        (AuthorName("Salt and Sons, Inc."), [AuthorName("Salt and Sons, Inc.")]),
        (AuthorName("The Anh Vale", "Vale", "The Anh"), [AuthorName("The Anh Vale", "Vale", "The Anh")]),
    ],
)
def test_whatever_source_a_record_has_its_authors_are_people_and_whole_groups(given, names) -> None:
    assert list(record(given).authors) == names
    assert record(*record(given).authors).authors == record(given).authors


NAMES = st.lists(
    st.sampled_from(
        [
            "Ada",
            "Vale",
            "et",
            "al",
            "al.",
            "others",
            "and",
            "AI",
            "Ai",
            "Lab",
            "TideLab",
            "Team",
            "team",
            ":",
            "&",
            "Research",
            "the",
            "The",
            "for",
            "University",
            "(Tide)",
            "Inc.",
            "u.a.",
            "等",
            "Collaboration",
            "12",
            "more",
        ]
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


@given(NAMES)
def test_a_name_that_looks_plain_is_one_name_and_no_group(name: str) -> None:
    if are_plain([name]):
        assert told_apart(name) == (name,)
        assert not is_group(name)


NOBODY = [
    *("and the rest of the team", "the rest of the Tide team", "and rest of the group", "the entire team"),
    *("[and 20 others]", "(and 20 others)", "and 3 more", "3 more authors", "12 additional authors"),
    *("& others", "and many others", "several others", "twenty others", "et. al.", "et al", "et alii"),
    *("etc.", "et coll.", "och andra", "og andre", "i in.", "a kol.", "ve ark.", "vd.", "та ін.", "і ін."),
    *("u.a.", "u. a.", "m.fl.", "e.a.", "y otros", "et autres", "und andere", "and 12 co-authors"),
    *("+ 12 others", "all members of the team", "the other members of the Tide Lab", "the authors", "team"),
]


@pytest.mark.parametrize("nobody", NOBODY)
def test_what_stands_for_further_people_is_no_name_behind_whatever_name(nobody: str) -> None:
    assert told_apart(nobody) == ()
    assert not are_plain(["Ada Vale", nobody])
    authors = record(AuthorName("Ada Vale", "Vale", "Ada"), AuthorName(nobody)).authors
    assert authors == (AuthorName("Ada Vale", "Vale", "Ada"),)


PLACEHOLDERS = [
    *(
        "n/a",
        "N/A",
        "Unknown",
        "unknown",
        "Anonymous",
        "[Anonymous]",
        "(anonymous)",
        "Anon.",
        "None",
        "[n/a]",
    ),
    *("Unknown author", "Author unknown", "Anonymous authors", "No author listed", "[No authors listed]."),
    *("Collaboration", "the collaboration", "Consortium"),
    *("No author", "Unnamed author", "Nobody", "no authors given"),
]


@pytest.mark.parametrize("nobody", PLACEHOLDERS)
def test_what_stands_where_no_author_is_known_is_nobody(nobody: str) -> None:
    assert told_apart(nobody) == ()
    assert record(AuthorName(nobody)).authors == ()
    assert len(record(AuthorName("Ada Vale"), AuthorName(nobody)).authors) == 1


@pytest.mark.parametrize(
    "name",
    ["Ada Unknown", "Anon Vale", "Nobody Fisk", "Bo None", "No Young", "No", "Na Li", "None of Us Vale"],
)
def test_a_person_may_have_a_name_that_stands_for_nobody_elsewhere(name: str) -> None:
    assert told_apart(name) == (name,)


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Ada\N{ZERO WIDTH SPACE} Vale", "Ada Vale"),
        ("Ada\N{NO-BREAK SPACE}Vale", "Ada Vale"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}Ada Vale", "Ada Vale"),
        ("Ada Va\N{SOFT HYPHEN}le", "Ada Vale"),
        ("\N{ZERO WIDTH NO-BREAK SPACE}Ada Vale", "Ada Vale"),
        ("Ada\n  Vale", "Ada Vale"),
        ("Ada\x85Vale\x7f", "AdaVale"),
        ("میلاد می\N{ZERO WIDTH NON-JOINER}خواهد", "میلاد می\N{ZERO WIDTH NON-JOINER}خواهد"),
    ],
)
def test_a_name_holds_nothing_that_nobody_sees(printed: str, name: str) -> None:
    assert record(AuthorName(printed)).authors == (AuthorName(name),)


def test_signs_that_nobody_sees_are_no_person() -> None:
    assert record(AuthorName("Ada Vale"), AuthorName("\N{ZERO WIDTH SPACE}")).authors == (
        AuthorName("Ada Vale"),
    )


@pytest.mark.parametrize("nobody", [one for one in NOBODY if not re.search("rest|team|Lab|authors$", one)])
def test_what_stands_for_further_people_is_cut_from_a_name(nobody: str) -> None:
    assert told_apart(f"Ada Vale {nobody}") == ("Ada Vale",)
    assert told_apart(f"Ada Vale, {nobody}") == ("Ada Vale",)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("Ada Vale with contributions from Bo Fisk", ("Ada Vale", "Bo Fisk")),
        ("Ada Vale, with an appendix by Bo Fisk", ("Ada Vale", "Bo Fisk")),
        ("Ada Vale. With an Appendix by Bo Fisk", ("Ada Vale", "Bo Fisk")),
        ("with the assistance of Bo Fisk", ("Bo Fisk",)),
        ("an appendix by Bo Fisk", ("Bo Fisk",)),
        ("Ada Vale for the Tide team", ("Ada Vale", "the Tide team")),
        ("Ada Vale for Tide Collaboration", ("Ada Vale", "Tide Collaboration")),
        ("Ada Vale on behalf of the Tide Consortium", ("Ada Vale", "the Tide Consortium")),
    ],
)
def test_helpers_and_groups_are_told_apart_from_the_name_before_them(
    name: str, names: tuple[str, ...]
) -> None:
    assert told_apart(name) == names


GROUPS = [
    *(
        "Centre for Tides",
        "University of Tides",
        "Ministry of Waves",
        "Bank of Tides",
        "Federal Office for Tides",
    ),
    *("European Tide Agency", "Tide Research Council", "Wave Task Force", "Wave Academy", "Tide College"),
    *(
        "Editors of Tidal Letters",
        "The Editors",
        "Stanford NLP",
        "Centre for Tide Collaboration",
        "Tides Company",
    ),
    *(
        "School of Waves",
        "Tide Commission",
        "Wave Programme",
        "Tidal Sciences Division",
        "Wave Working Group",
    ),
]


@pytest.mark.parametrize("name", GROUPS)
def test_a_group_is_never_taken_apart(name: str) -> None:
    assert is_group(name)
    assert told_apart(name) == (name,)
    given, _, family = name.rpartition(" ")
    assert record(AuthorName(name, family, given)).authors == (AuthorName(name, name),)


@pytest.mark.parametrize(
    "name",
    ["Bo Authors", "Ada Members", "Maria Andere", "E. A. Vale", "Vale E. A.", "Tide Project Contributors"],
)
def test_a_name_like_such_words_stays(name: str) -> None:
    assert told_apart(name) == (name,)
