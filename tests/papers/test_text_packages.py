"""What packages of LaTeX set apart is readable text: code, quantities, other languages, glossaries."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.papers.tex.units import units
from broadsheet.papers.text import inline, plain, title_key


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        (r"On \verb|x_1| and \verb+a{b+", "On x_1 and a{b"),
        (r"\begin{otherlanguage}{german}Über \emph{die} Flut\end{otherlanguage}", "Über die Flut"),
        (r"\begin{otherlanguage*}{german} Über \end{otherlanguage*} Flut", "Über Flut"),
        (r"A \SI{5}{\kilo\metre} tide", "A 5 km tide"),
        (r"At \qty{9.8}{\metre\per\second\squared}", "At 9.8 m/s²"),
        (r"\SI{20}{\percent} of \SI[per-mode=symbol]{3}{\degreeCelsius}", "20% of 3 °C"),
        (r"\SIrange{1}{2}{\milli\volt} and \unit{km/h}", "1–2 mV and km/h"),
        (r"\SI{5}{\tides}, \qty{5} and $\SI{5}{\km}$", "5 tides, 5 and 5 km"),
        (r"\gls{llm} and \glspl{tide} of \Gls{sea}", "llm and tides of sea"),
    ],
)
def test_a_title_keeps_no_backslash_and_has_one_key_with_what_is_shown(title, shown):
    assert plain(title) == shown
    assert "\\" not in inline(title)
    assert title_key(title) == title_key(shown)


def test_code_is_marked_as_code():
    assert inline(r"On \verb|<x>|") == "On <code>&lt;x&gt;</code>"


@pytest.mark.parametrize(
    "title", [r"\verb", r"\verb|x", r"\SI", r"\SI{", r"\qty[", r"\begin{tides} a", r"\gls"]
)
def test_what_is_no_use_of_a_package_stays_as_it_is(title):
    assert plain(title) == title


@given(st.text(r"\{}|kilometrespq/ ", max_size=30))
def test_no_text_makes_units_fail(source):
    assert isinstance(units(source), str)
