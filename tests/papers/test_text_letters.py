"""Letters, quotations and layout that BibLaTeX, csquotes and older programs write as TeX."""

from __future__ import annotations

import unicodedata

import pytest

from broadsheet.papers.tex.symbols import letters
from broadsheet.papers.text import inline, plain


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"odpowiedzialno{\'s}{\'c}", "odpowiedzialność"),
        (r"odpowiedzialno\'s\'c", "odpowiedzialność"),
        (r"odpowiedzialno\'s{\'c}", "odpowiedzialność"),
        (r"{\'s}ruba i \'sruba", "śruba i śruba"),
        (r"Ja{\'s} i Ma{\l}go{\'s}", "Jaś i Małgoś"),
        (r"\'{s}roda and Ja\'{s}", "środa and Jaś"),
        (r"today\'s tides, the 90\'s", "today's tides, the 90's"),
        (r"{BERT}\'s and $x$\'s words", "BERT's and x's words"),
        (r"don\'t", "don't"),
        (r"Vi{\d{\^e}}t, Nguy{\~{\^e}}n, Nguy\~{\^e}n", "Việt, Nguyễn, Nguyễn"),
        (r"\'{\ae}rlig, {\'\ae}", "ǽrlig, ǽ"),
        (r"\textcommabelow{s}i, {\textcommabelow{S}}i", "și, Și"),
        (r"{\v S}koda, {\d h}, {\r a}", "Škoda, ḥ, å"),
        (r"\DJ uri\'c, \ng a", "Đurić, ŋa"),
    ],
)
def test_an_accent_is_on_its_letter(source: str, shown: str) -> None:
    assert plain(source) == shown


@pytest.mark.parametrize("accent", list("'`^\"~=.Hcdkruv"))
def test_every_accent_of_every_letter_is_read_in_every_spelling(accent: str) -> None:
    for letter in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ":
        composed = letters(rf"\{accent}{{{letter}}}")
        if len(composed) == 1:
            bare = rf"\{accent} {letter}" if accent.isalpha() else rf"\{accent}{letter}"
            written = (rf"\{accent}{{{letter}}}", rf"{{\{accent}{{{letter}}}}}", rf"{{{bare}}}")
            for one in written:
                assert plain(f"x {one}x") == f"x {composed}x", one
            assert unicodedata.normalize("NFD", composed)[0] in (letter, "i", "j")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\mkbibquote{Ebb} and \enquote{Flood}", "“Ebb” and “Flood”"),
        (r"\enquote{Of \enquote{Ebb} and \enquote*{Flood}}", "“Of ‘Ebb’ and ‘Flood’”"),
        (
            r"\mkbibemph{Ebb} \mkbibitalic{a} \mkbibbold{b} \mkbibparens{c} \mkbibbrackets{d}",
            "Ebb a b (c) [d]",
        ),
        (r"a \textbar{} b \textbar\ c", "a | b | c"),
        (r"{\vphantom{}}Ebb{\vphantom{x}} \phantom{no}Flood \relax{} end", "Ebb Flood end"),
        (r"\relax Ebb", "Ebb"),
        (r"{\noopsort{1973a}}1973", "1973"),
        (r"\boldmath$x$ and {\boldmath $y$}", "x and y"),
        (r"$\boldmath x$", "x"),
        (r"$a\unicode{x2014}b$ and \unicode{0x2013}", "a—b and –"),
        (r"\NoCaseChange{TIDE} \MakeUppercase{a} \uppercase{b}", "TIDE a b"),
        (
            r"{TIDE4B} and {TIDE-4} and Mus{é}e and {B}ayes and {X}",
            "TIDE4B and TIDE-4 and Musée and Bayes and X",
        ),
        (r"{a, b} and {word} and {}", r"{a, b} and {word} and {}"),
        (r"A\textunderscore{}B \textbraceleft{}x\textbraceright", "A_B {x}"),
        (r"\LaTeX{} and \TeX", "LaTeX and TeX"),
        (r"III\textendash{V} and Core\textendash{Shell Wires}", "III–V and Core–Shell Wires"),
        (r"PC\thinspace{}TeX, a\quad b", "PC TeX, a b"),
    ],
)
def test_commands_of_biblatex_and_csquotes_show_what_they_mean(source: str, shown: str) -> None:
    assert plain(source) == shown
    assert "\\" not in inline(source)
