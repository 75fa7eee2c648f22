"""Markup in titles and abstracts goes, and nothing else."""

from __future__ import annotations

import pytest

from broadsheet.papers.text import plain
from broadsheet.sources.files.markup import without_tags


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Novel <i>in vivo</i> <span class='nocase'>DNA</span>", "Novel in vivo DNA"),
        ("H<sub>2</sub>O and n<SUP>2</SUP>", "H₂O and n²"),
        ("if a < b and c > d, p<0.05", "if a < b and c > d, p<0.05"),
        ("a list<int> of std::vector<T>", "a list<int> of std::vector<T>"),
        ("<jats:title>Abstract</jats:title><jats:p>One.</jats:p>", "One."),
        ("<p><b>Summary:</b> One.</p>", "One."),
        ("<jats:sec><jats:title>Methods</jats:title><jats:p>We do.</jats:p></jats:sec>", "Methods We do."),
        ("Fish &amp; Chips &lt;3 &eacute; &#8211; &nosuch;", "Fish & Chips <3 é – &nosuch;"),
        ("AT&T; R&D", "AT&T; R&D"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("<i", "<i"),
    ],
)
def test_only_elements_of_texts_are_taken_out(text: str, shown: str) -> None:
    assert plain(without_tags(text)) == shown


def test_a_paragraph_begins_after_an_empty_line() -> None:
    assert without_tags("<p>One.</p><p>Two.<br/>Three.</p>").split() == ["One.", "Two.", "Three."]
    assert without_tags("One.<p>Two.").partition("\n\n") == ("One.", "\n\n", "Two.")
