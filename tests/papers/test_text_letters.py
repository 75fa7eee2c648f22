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


MARKS = ["'", "`", "^", '"', "~", "=", ".", "H", "c", "d", "h", "k", "r", "u", "v"]


@pytest.mark.parametrize("outer", MARKS)
@pytest.mark.parametrize("inner", MARKS)
def test_two_accents_make_the_one_letter_that_unicode_has_in_whatever_order(outer: str, inner: str) -> None:
    for letter in "aceiouAEIOUnsy":
        found = letters(rf"\{outer}{{\{inner}{{{letter}}}}}")
        assert found == letters(rf"\{outer}{{\{inner} {letter}}}")
        assert unicodedata.is_normalized("NFC", found)
        # However the marks are ordered, there is no letter that is shorter.
        apart = unicodedata.normalize("NFD", found)
        turned = unicodedata.normalize("NFC", apart[0] + apart[:0:-1])
        assert len(found) <= len(turned)
        if len(turned) == 1:
            assert len(found) == 1


@pytest.mark.parametrize(
    ("source", "letter"),
    [
        (r"\~{\^e}", "ễ"),
        (r"\^{\~e}", "ễ"),
        (r"\'{\^e}", "ế"),
        (r"\d{\^o}", "ộ"),
        (r"\^{\d{o}}", "ộ"),
        (r"\'{\u{a}}", "ắ"),
        (r"\h{\^a}", "ẩ"),
        (r"\'{\ohorn}", "ớ"),
        (r"\.{\'s}", "ṥ"),
        (r"\={\"u}", "ǖ"),
        (r"\'{\'e}", "é"),
        (r"\'{\i{}}", "í"),
        (r"\'{\i }", "í"),
        (r"\capitalacute{E}", "É"),
        (r"\cb{s}", "ș"),
    ],
)
def test_accents_on_accents_are_one_letter(source: str, letter: str) -> None:
    assert plain(f"x {source}") == f"x {letter}"


@pytest.mark.parametrize(
    ("command", "letter"),
    [
        *(("textHbar", "Ħ"), ("texthbar", "ħ"), ("textcrh", "ħ"), ("Hwithstroke", "Ħ"), ("textTbar", "Ŧ")),
        *(("textcrd", "đ"), ("textbaru", "ʉ"), ("texthtb", "ɓ"), ("ohorn", "ơ"), ("Uhorn", "Ư")),
        *(("textalpha", "α"), ("textOmega", "Ω"), ("cyrya", "я"), ("CYRZH", "Ж"), ("textdegree", "°")),
    ],
)
def test_a_letter_of_any_encoding_is_one_character(command: str, letter: str) -> None:
    assert plain(rf"x\{command}{{}}y {{\{command}}}z") == f"x{letter}y {letter}z"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Ebb\textbar Flood", "Ebb|Flood"),
        (r"Ebb \textbar{} Flood", "Ebb | Flood"),
        (r"Ebb\slash Flood, Ebb\slash{}Flood", "Ebb/Flood, Ebb/Flood"),
        (r"\textquotedblleft Ebb\textquotedblright{} and Flood", "“Ebb” and Flood"),
        (r"\guillemotleft Ebb\guillemotright, \og Ebb\fg{} \glqq Ebb\grqq{}", "«Ebb», « Ebb » „Ebb“"),
        (r"5\,\textdegree C, 5\textdegree{} C", "5 °C, 5° C"),
        (r"the tide\textquoteright s, O\textquotesingle Mar", "the tide’s, O'Mar"),
        (r"\alpha decays, \ie now, \LaTeX for all", "α decays, i.e. now, LaTeX for all"),
        (r"\enquote*{Ebb}, \enquote{Ebb}", "‘Ebb’, “Ebb”"),
        (r"\foreignlanguage{german}{Ebbe}, \textcolor[rgb]{1,0,0}{red}", "Ebbe, red"),
        (r"\raisebox{1pt}{a}b {\sffamily Ebb} \fbox{Flood} \path{a/b}", "ab Ebb Flood a/b"),
        (r"Ebb\newline Flood\hspace{1em}Ebb\par{}Flood\kern-.1em s", "Ebb Flood Ebb Flood s"),
        (r"Ebb\xspace and Flood\xspace.", "Ebb and Flood."),
        (r"Ebb\thanks{For all.}\label{x} Flood\footnotemark[1]", "Ebb Flood"),
        (r"\selectlanguage{german}Ebbe", "Ebbe"),
        (r"\texorpdfstring{$\alpha$}{alpha} \ensuremath{\beta}", "alpha β"),
    ],
)
def test_a_command_ends_as_tex_has_it_and_layout_leaves_the_words(source: str, shown: str) -> None:
    assert plain(source) == shown


@pytest.mark.parametrize("name", ["bbar", "tbar", "model", "xbar", "textfoo", "textmodel"])
def test_an_authors_own_macro_is_no_letter(name: str) -> None:
    assert plain(rf"a \{name} b") == rf"a \{name} b"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"{\sc {Ebb}} and {\bf {Flood}}", "Ebb and Flood"),
        (r"\em {Ebb} and \emph{\slash Flood}", "Ebb and /Flood"),
        (r"\emph{\enquote*{Ebb}} \textit{{\em Flood}}", "‘Ebb’ Flood"),
    ],
)
def test_groups_within_groups_show_no_brace(source: str, shown: str) -> None:
    assert plain(source) == shown
