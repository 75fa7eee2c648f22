"""People in bibliographies: every spelling of a name gives the person, and nobody is joined or torn."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.record import Record, RecordError
from broadsheet.sources.files.bibtex_names import people

ACCENTS = {
    "'": "\u0301",
    "`": "\u0300",
    "^": "\u0302",
    '"': "\u0308",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    "H": "\u030b",
    "b": "\u0331",
    "c": "\u0327",
    "d": "\u0323",
    "k": "\u0328",
    "r": "\u030a",
    "u": "\u0306",
    "v": "\u030c",
}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
COMMANDS = {"AA": "Å", "AE": "Æ", "DH": "Ð", "DJ": "Đ", "L": "Ł", "NG": "Ŋ", "O": "Ø", "OE": "Œ", "TH": "Þ"}


def accented() -> list[tuple[str, str, str]]:
    """Each accent, and each letter that Unicode has with it."""
    found = []
    for accent, sign in ACCENTS.items():
        for letter in LETTERS + LETTERS.upper():
            composed = unicodedata.normalize("NFC", letter + sign)
            if len(composed) == 1 and (accent, letter) != (".", "i"):
                found.append((accent, letter, composed))
    return found


def spellings(accent: str, letter: str) -> list[str]:
    bare = rf"\{accent} {letter}" if accent.isalpha() else rf"\{accent}{letter}"
    return [rf"\{accent}{{{letter}}}", rf"{{\{accent}{{{letter}}}}}", rf"{{{bare}}}", bare]


def names(text: str) -> list[str]:
    return [one.name for one in people(text)]


@pytest.mark.parametrize(("accent", "letter", "composed"), accented())
def test_a_name_may_begin_with_any_accent_in_any_place(accent: str, letter: str, composed: str) -> None:
    for written in spellings(accent, letter):
        text = f"{written}vale, Ada and {written}vale, Bo and Cy {written}vale and Vale, {written}da"
        expected = [f"Ada {composed}vale", f"Bo {composed}vale", f"Cy {composed}vale", f"{composed}da Vale"]
        assert names(text) == expected, written


@pytest.mark.parametrize(("command", "letter"), [*COMMANDS.items()])
def test_a_name_may_begin_with_any_letter_of_tex(command: str, letter: str) -> None:
    for written in (rf"\{command} ", rf"{{\{command}}}", rf"\{command}{{}}"):
        assert names(f"{written}vale, Ada and {written}vale, Bo") == [f"Ada {letter}vale", f"Bo {letter}vale"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            r"Vale, Ada and \'Alvarez, Jos\'e and \O ystein, J and \v{C}apek, X",
            "José Álvarez|J Øystein|X Čapek",
        ),
        (r"Vale, Ada and Vi{\~{\^e}}t, V{\u{a}}n and H{\`{\^o}}, \'{\ae}", "Văn Việt|ǽ Hồ".replace("ệ", "ễ")),
        (r"Vale, Ada and {\v{{C}}}apek, \c{S}", "Ş Čapek"),
        (r"Vale, Ada and Gerard {\'t} Brook and Brook, \textcommabelow{S}t", "Gerard 't Brook|Șt Brook"),
        (r"Vale, Ada and \'Swi\'s, J\textcommabelow s", "Jș Świś"),
        (r"Vale, Ada and \foo{Bo} Fisk and $\alpha$ Birk and Ko\_ch, B", "Bo Fisk|α Birk|B Ko_ch"),
        (r"Vale, Ada and \textsc{van Brook}, Bo and {\em Fisk}, Cy", "Bo van Brook|Cy Fisk"),
        ("Vale, Ada and Garc&iacute;a, Bo and Fisk~Birk, Cy", "Bo García|Cy Fisk Birk"),
    ],
)
def test_odd_spellings_of_letters(written: str, shown: str) -> None:
    assert names(written) == ["Ada Vale", *shown.split("|")]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{Tide and Wave Consortium} and Vale, Ada", "Tide and Wave Consortium|Ada Vale"),
        ("Vale, Ada and {Salt, Pepper and Sons, Inc.}", "Ada Vale|Salt, Pepper and Sons, Inc."),
        (r"Vale, Ada AND {\em Tide and Wave} and {M}c{D}onald, {R}", "Ada Vale|Tide and Wave|R McDonald"),
        ("{{North Lab}}", "North Lab"),
        ("Vale, A. B., Fisk, C., and Ek, D.", "A. B. Vale|C. Fisk|D. Ek"),
        ("Wang, X, Li, Y-Y, Birk, Z", "X Wang|Y-Y Li|Z Birk"),
        ("Vale A.B., van Fisk C.-D.", "Vale A.B.|van Fisk C.-D."),
        ("Ada King, Jr. and Vale, Ada III and Vale, Ada Jr", "Ada King Jr.|Ada Vale III|Ada Vale Jr"),
        ("Ada Vale, Tide University and Bo Fisk", "Ada Vale|Bo Fisk"),
        (
            "Vale, Ada https://orcid.org/0000-0000-0000-000X and Fisk, Bo (0000-0000-0000-0001)",
            "Ada Vale|Bo Fisk",
        ),
        (
            "Ada Vale 0001 and\n  Bo Fisk and Birk 0012, Cy and 0003, Di Sand",
            "Ada Vale|Bo Fisk|Cy Birk|Di Sand",
        ),
        ("Anders Sand and Brand, Andy", "Anders Sand|Andy Brand"),
        ("and Vale, Ada and and Fisk, Bo and", "Ada Vale|Bo Fisk"),
        ("Vale, Ada\nand\n  Fisk,\n Bo\tand\tBirk", "Ada Vale|Bo Fisk|Birk"),
        ("Vale, Ada~and~Fisk, Bo", "Ada Vale|Bo Fisk"),
        ("Vale, A.; Fisk, B.; Birk, C.", "A. Vale|B. Fisk|C. Birk"),
        ("Vale, Ada and others", "Ada Vale"),
        ("Vale, Ada and Fisk, Bo et al.", "Ada Vale|Bo Fisk"),
        ("Vale, Ada and Fisk, Bo, et al", "Ada Vale|Bo Fisk"),
        (r"Vale, Ada and \\Fisk", "Ada Vale|Fisk"),
    ],
)
def test_only_an_and_outside_of_braces_separates(written: str, shown: str) -> None:
    assert names(written) == shown.split("|")


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("Ludwig van der Brook", ("van der Brook", "Ludwig")),
        ("van der Brook, Ludwig", ("van der Brook", "Ludwig")),
        ("Ada {van Brook}", ("van Brook", "Ada")),
        ("Jean d'Or", ("d'Or", "Jean")),
        (r"Anna {\'e}l Vale", ("él Vale", "Anna")),
        ("Martin King Jr.", ("King", "Martin")),
        ("King, Jr., Martin", ("King", "Martin")),
        ("King, Martin, Jr.", ("King", "Martin")),
        ("King, III, Martin", ("King", "Martin")),
        ("Plato", ("Plato", "")),
    ],
)
def test_family_and_given_names_are_told_apart(written: str, parts: tuple[str, str]) -> None:
    [one] = people(written)
    assert (one.family, one.given) == parts


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("family=Brook, given=Ada, prefix=van den, useprefix=true", "Ada van den Brook"),
        ("prefix=van den, useprefix=false, family=Brook, given-i=A, given=Ada", "Ada van den Brook"),
        ("given-i={A. B.}, given={Ada Bo}, family=Vale, suffix=Jr.", "Ada Bo Vale Jr."),
        ('given="Ada, B.", family="Salt and Pepper"', "Ada, B. Salt and Pepper"),
        ('"family=Salt and Sons, Inc."', "Salt and Sons, Inc."),
        ("family={Tide and Wave Lab}", "Tide and Wave Lab"),
        (r"family=M\"uller, given=J{\"o}rg", "Jörg Müller"),
        ("given = Ada , family = Vale", "Ada Vale"),
    ],
)
def test_extended_names_stand_among_plain_ones(written: str, shown: str) -> None:
    assert names(written) == [shown]
    assert names(f"Birk, Cy and {written} and {{Tide and Wave}}") == ["Cy Birk", shown, "Tide and Wave"]


WORDS = st.sampled_from(
    ["Vale", r"\'Alva", r"{\O}re", r"{\v{C}}ap", "McFisk", "{B}irk", r"Jos\'e", "Nguy{\\~{\\^e}}n"]
)
PEOPLE = st.one_of(
    st.builds("{}, {}".format, WORDS, WORDS),
    st.builds("{} {}".format, WORDS, WORDS),
    st.builds("{{{} and {}}}".format, WORDS, WORDS),
    st.builds("family={}, given={}".format, WORDS, WORDS),
)


@given(st.lists(PEOPLE, min_size=1, max_size=8))
def test_as_many_people_come_out_as_went_in_and_none_with_tex(written: list[str]) -> None:
    found = names(" and ".join(written))
    assert found == [names(one)[0] for one in written]
    assert not set("\\{}$") & set("".join(found))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Brook, E.\,F. and Vale, A.\;B.", ["E. F. Brook", "A. B. Vale"]),
        (r"Ada Vale \and Bo Fisk", ["Ada Vale", "Bo Fisk"]),
        ("Ada Vale & Bo Fisk", ["Ada Vale", "Bo Fisk"]),
        (r"Ada Vale \& Bo Fisk", ["Ada Vale", "Bo Fisk"]),
        ("Salt & Sons", ["Salt & Sons"]),
        ("{Salt Works & Sons Lab} and Ada Vale", ["Salt Works & Sons Lab", "Ada Vale"]),
        ("Ada Vale, Bo Fisk, Cy Brook", ["Ada Vale", "Bo Fisk", "Cy Brook"]),
        ("Ada Vale, Bo Fisk, Cy Brook and Di Ek", ["Ada Vale", "Bo Fisk", "Cy Brook", "Di Ek"]),
        ("de la Mar, Jr., Ada Bo", ["Ada Bo de la Mar Jr."]),
        (
            r"Ek, Mar\'\i a and Bj\o rn \AA kerman and d\textquotesingle Alva, A.",
            ["María Ek", "Bjørn Åkerman", "A. d'Alva"],
        ),
        (r"Vale$^{1,*}$, Ada and Bo Fisk$^\dagger$", ["Ada Vale", "Bo Fisk"]),
        (r"Vale\textsuperscript{1,2}, Ada and Fisk, Bo\thanks{Equal.}", ["Ada Vale", "Bo Fisk"]),
        ("Family=Brook, Given=Ada, Prefix=van", ["Ada van Brook"]),
    ],
)
def test_what_people_write_against_the_grammar_names_the_same_people(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize("sign", [" ", ",", "~", r"\,", r"\footnotemark["])
def test_a_long_run_of_what_parts_names_takes_no_long_time(sign: str) -> None:
    before = process_time()
    with suppress(RecordError):  # a name of that length is refused before it is taken apart
        list(people(f"Vale{sign * 40_000}Ada"))
    assert process_time() - before < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"Vale, \textHbar{}al and {\textHbar}al Fisk", ["Ħal Vale", "Ħal Fisk"]),
        (
            r"Nguy{\^{\~e}}n, Ada and Nguy{\~{\^e}}n, Bo and Ng\d{\^o}, Cy",
            ["Ada Nguyễn", "Bo Nguyễn", "Cy Ngộ"],
        ),
        (r"Vale, Ada, 3\textsuperscript{rd} and Vale 3$^{rd}$, Bo", ["Ada Vale 3rd", "Bo Vale 3rd"]),
        (r"H\textsubscript{2}o, Ada", ["Ada H₂o"]),
        (r"{\relax Ch}arles Vale and Vale, {\relax Ch}.", ["Charles Vale", "Ch. Vale"]),
        (r"{\noopsort{a}}Name, Ada and \noopsort{1973a}Vale, Bo", ["Ada Name", "Bo Vale"]),
        (
            r"Vale,\hspace{1em}Ada and Fisk\hspace*{2pt}Birk,~Bo and A.\,B. Ek",
            ["Ada Vale", "Bo Fisk Birk", "A. B. Ek"],
        ),
        (r"Va\-le, A.\@ and Fi\/sk, Bo", ["A. Vale", "Bo Fisk"]),
        (
            r"Mar\'{\i}a V\^{\j}le and Mar{\'{\i }}a Ek and Mar\'\i{}a Ek",
            ["María Vĵle", "María Ek", "María Ek"],
        ),
        (r"\c{}Vale, Ada\v{} and O\'{}Mar, Bo", ["Ada Vale", "Bo O'Mar"]),
        (r"\CYRV\cyra\cyrl\cyre, \textalpha\textbeta", ["αβ Вале"]),
        (r"\foo\baz, Ada", ["Ada foobaz"]),
        (r"Vale\index{Vale}, Ada\orcidlink{0000-0001}\thanks{Of \emph{x}, y}", ["Ada Vale"]),
        (r"Vale\inst{1,2}, Ada\fnref{a} and Fisk, Bo\corref{cor1}", ["Ada Vale", "Bo Fisk"]),
        (r"Vale\newline Fisk, Ada", ["Ada Vale Fisk"]),
        (r"\textbf{Vale, Ada} and Fisk, Bo and \underline{Cy Birk}", ["Ada Vale", "Bo Fisk", "Cy Birk"]),
        (r"{\bf Vale, Ada} and \href{https://example.org/x}{Fisk, Bo}", ["Ada Vale", "Bo Fisk"]),
        (r"\textcolor{red}{Vale}, Ada and \foreignlanguage{german}{M\"uller}, Bo", ["Ada Vale", "Bo Müller"]),
        (r"Vale, {\fontencoding{T5}\selectfont A}da", ["Ada Vale"]),
    ],
)
def test_no_name_keeps_tex_or_what_only_sets_it(text: str, expected: list[str]) -> None:
    assert names(text) == expected


COMMAND = st.from_regex(r"\\[A-Za-z]{1,12}\*?(?:\{[A-Za-z]{0,3}\}|\[1\]| )?|\\[^A-Za-z]", fullmatch=True)


@given(st.lists(st.one_of(COMMAND, st.sampled_from(["Vale", ", ", "A", "{", "}", "$"])), max_size=8))
def test_no_name_ever_keeps_a_backslash(parts: list[str]) -> None:
    for one in people("".join(["Vale", *parts])):
        assert not set("\\{}$") & set(one.name + one.family + one.given)


@pytest.mark.parametrize(
    "written",
    [
        *("Vale, Ada (North Lab)", "Vale, Ada (North; Oslo)", "Ada Vale*", "Vale, Ada¹", "Vale*, Ada"),
        *("Ada Vale (North Lab)", "Vale, Ada1,2", "Ada Vale [1]"),
    ],
)
def test_affiliations_behind_a_name_are_no_part_of_it(written: str) -> None:
    assert [one.name for one in people(f"{written} and Fisk, Bo")] == ["Ada Vale", "Bo Fisk"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vale, Ada and [and 20 others]", ["Ada Vale"]),
        ("Vale, Ada and Fisk, Bo and 3 more", ["Ada Vale", "Bo Fisk"]),
        ("Vale, Ada and the rest of the team", ["Ada Vale"]),
        (r"Vale, Ada \emph{et al.} and Bo Fisk \textit{et al.}", ["Ada Vale", "Bo Fisk"]),
        ("Vale, A. {et al.}", ["A. Vale"]),
        ("Vale, Ada and Fisk, Bo, u.a.", ["Ada Vale", "Bo Fisk"]),
        ("Tide Collaboration: Vale, Ada", ["Tide Collaboration", "Ada Vale"]),
        ("Vale, Ada on behalf of the Tide Consortium", ["Ada Vale", "the Tide Consortium"]),
        ("Vale, Ada for the Tide team and Fisk, Bo", ["Ada Vale", "the Tide team", "Bo Fisk"]),
        ("{Centre for Tides} and Ministry of Waves", ["Centre for Tides", "Ministry of Waves"]),
        ("{Tide: a Lab} and Vale, Ada", ["Tide", "a Lab", "Ada Vale"]),
    ],
)
def test_no_name_is_made_of_what_only_stands_beside_names(text: str, expected: list[str]) -> None:
    made = Record(source="bibtex", key="k", title="Tides", authors=tuple(people(text)))
    assert [one.name for one in made.authors] == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("{Vale, Ada}", [("Vale", "Ada")]),
        (
            "{Vale, Ada} and {van den Brook, Bo C.} and Fisk, Di",
            [("Vale", "Ada"), ("van den Brook", "Bo C."), ("Fisk", "Di")],
        ),
        (r"{M\"uller, J{\"o}rg}", [("Müller", "Jörg")]),
        ("{Vale, A. B.}", [("Vale", "A. B.")]),
        ("A. Vale, Bo Fisk", [("Vale", "A."), ("Fisk", "Bo")]),
        ("Ada M. Vale, Bo Fisk, Cy Birk", [("Vale", "Ada M."), ("Fisk", "Bo"), ("Birk", "Cy")]),
        ("Ada Vale, Bo Fisk", [("Ada Vale", "Bo Fisk")]),  # as `García Márquez, Juan José` is one
        ("J. R. Vale, Bo", [("J. R. Vale", "Bo")]),
    ],
)
def test_people_in_braces_and_behind_commas_are_people(written, shown):
    assert [(one.family, one.given) for one in people(written)] == shown


@pytest.mark.parametrize(
    "written",
    [
        "{Salt, Inc.}",
        "{Salt, Pepper and Sons, Inc.}",
        "{Salt, LLC}",
        "{NORTH, LAB}",
        "{Tide Lab, Norway}",
        "{University of Tides, Department of Waves}",
        "University of Tides, Department of Waves",
        "Institute for Waves, Group B, Hall 3",
        "{Tides, waves, foam}",
        "{Tides, and waves}",
    ],
)
def test_what_is_no_person_stays_whole_in_braces_or_without(written):
    assert names(f"{written} and Vale, Ada") == [written.strip("{}"), "Ada Vale"]


@pytest.mark.parametrize("aside", ["(a) ", "[a] ", "<a> "])
def test_a_name_with_thousands_of_brackets_behind_it_is_read_in_time_that_grows_with_it(aside: str) -> None:
    started = process_time()
    assert len(names(f"Ada Vale {aside * 5000}")) == 1
    assert process_time() - started < 2
