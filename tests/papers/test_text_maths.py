"""Formulas: whole ones become MathML, others stay readable."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from broadsheet.papers.text import inline, plain


def test_a_formula_becomes_mathml():
    assert inline(r"$\ell_1$") == "<math><msub><mi>ℓ</mi><mn>1</mn></msub></math>"


def test_punctuation_stays_on_the_line_of_its_formula():
    x = "<math><mi>x</mi></math>"
    assert inline('it is ($x$), so $x$ & "$x$"') == (
        f'it is <span class="unbroken">({x}),</span> so {x} &amp; &#34;{x}&#34;'
    )


@pytest.mark.parametrize(
    ("source", "part"),
    [
        (r"$a \sim b$", "<mo>∼</mo>"),
        (r"$M_{\rm eff}$", '<mi mathvariant="normal">eff</mi>'),
        (r"$10{,}000$", "<mn>10,000</mn>"),
        (r"$\geq 92%$", "<mn>92</mn>"),
        (r"$\mathbf{v}$", "<mi>𝐯</mi>"),
        (r"$\mathbf{vw}$", "𝐯"),
        (r"$\Lambda$", '<mi mathvariant="normal">Λ</mi>'),
        (r"$\frac{1}{2}$", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
        (r"$L_\rm{IR}$", '<msub><mi>L</mi><mi mathvariant="normal">IR</mi></msub>'),
        (r"$\rm ^{13}CO$", "<mn>13</mn>"),
        (r"$\arg\max_x$", "max"),
        (r"$a<b$", "<mo>&lt;</mo>"),
        (r"$$x$$", "<math><mi>x</mi></math>"),
    ],
)
def test_formulas_are_set_as_their_authors_mean_them(source, part):
    assert part in inline(source)


@pytest.mark.parametrize(
    "source",
    [
        r"$\private x$",
        r"$\def\a{\a\a}\a$",
        r"$\newcommand{\x}{y}\x$",
        r"$\frac{1}$",
        r"$\left( x$",
        r"$\hspace{9999em} x$",
        r"$\rule{99em}{99em}$",
        r"$\binom x$",
        "$" + "{" * 40 + "x" + "}" * 40 + "$",
        "$" + "^_" * 300 + "$",
    ],
)
def test_a_formula_that_cannot_be_trusted_is_text(source):
    shown = inline(source)
    assert "<math" not in shown
    assert shown


def test_mathml_holds_nothing_but_mathml():
    source = r"$\color{red}{x} \text{<i>} \begin{matrix} a & b \end{matrix} \sqrt[3]{y} \overline{z} \|w\|$"
    tree = ET.fromstring(inline(source))
    assert {element.tag for element in tree.iter()} <= {
        *(
            "math",
            "mrow",
            "mi",
            "mn",
            "mo",
            "mtext",
            "mstyle",
            "mtable",
            "mtr",
            "mtd",
            "mroot",
            "mover",
            "mpadded",
        )
    }
    names = {name for element in tree.iter() for name in element.attrib}
    assert not names & {"href", "style", "class", "id", "onclick", "mathcolor", "xmlns"}


def test_a_formula_in_a_title_is_whole_or_not_at_all():
    assert inline("$x") == "$x"
    assert inline(r"\(x") == r"\(x"
    assert inline("$x {y$") == "$x {y$"


@pytest.mark.parametrize(
    ("formula", "spaces"), [(r"$n\log n$", 2), (r"$\log_2 n$", 1), (r"$\sin(x)$", 0), (r"$\ell n$", 0)]
)
def test_a_function_stands_apart_from_the_letters_beside_it(formula, spaces):
    assert inline(formula).count("<mspace") == spaces


@pytest.mark.parametrize(
    ("source", "part"),
    [
        (r"$x = -2$", '<mo>=</mo><mo form="prefix">−</mo>'),
        (r"$x - 2$", "<mo>−</mo>"),
        (r"$\gamma-$", '<mo lspace="0em" rspace="0em">−</mo>'),
        (r"$1/\sigma$", '<mo lspace="0em" rspace="0em">/</mo>'),
        (r"$\approx 37$", '<mo lspace="0em" rspace="0.17em">≈</mo><mn>37</mn>'),
    ],
)
def test_signs_stand_as_close_as_in_print(source, part):
    assert part in inline(source)


def test_a_hair_of_space_is_left_out():
    assert inline(r"$x\mkern-2muy$") == "<math><mrow><mi>x</mi><mi>y</mi></mrow></math>"
    assert plain(r"$x\mskip3muy$") == "xy"
