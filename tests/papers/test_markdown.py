"""A paper as Markdown, for programs that read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.cast import ARXIV, HUGGING_FACE, MORNING, SAVED_PAGE

from broadsheet.papers import text


@pytest.mark.parametrize(
    ("said", "written"),
    [
        (r"$\ell_1 < \{x\}$ norms", r"$\ell_1 < \{x\}$ norms"),
        (r"a\_b *c* [d] <EOS> `e` f|g", r"a\_b \*c\* \[d\] \<EOS\> \`e\` f\|g"),
        (r"It costs \$5 & 10\% more", r"It costs \$5 \& 10% more"),
        ("# No heading", r"\# No heading"),
        ("1. No list", r"1\. No list"),
        ("See https://a.example/b_c.", r"See [https://a.example/b\_c](<https://a.example/b_c>)."),
        (r"\emph{Very} loud", "Very loud"),
        ("One.\n\nTwo.", "One.\n\nTwo."),
    ],
)
def test_text_is_escaped_and_maths_stays_tex(said, written):
    assert text.markdown(said) == written


@pytest.mark.django_db
class TestAPaper:
    @staticmethod
    def written(*records) -> str:
        from broadsheet.papers import markdown, reading
        from broadsheet.papers.catalogue import store

        store(records, now=MORNING)
        return markdown.paper(reading.detail(reading.resolve("2503.00001")[0]))

    def test_has_what_its_page_says(self):
        assert self.written(ARXIV, HUGGING_FACE).splitlines() == [
            r"# Sharp $\ell_1$ Bounds for Wide Networks",
            "",
            "- Authors: Ada van der Berg, Bo Li",
            "- From: North Lab",
            "- Identifiers: 2503.00001",
            "- Published: 2025-03-04",
            "- Categories: cs.LG (Machine Learning)",
            "",
            "## Abstract",
            "",
            "We bound the loss of wide networks by $O(n^2)$ and show that training blows up beyond it.",
            "",
            "## Links",
            "",
            "- [PDF](<https://arxiv.org/pdf/2503.00001>)",
            "- [arXiv](<https://arxiv.org/abs/2503.00001>)",
            "- [Discussion on Hugging Face](<https://huggingface.co/papers/2503.00001>)",
        ]

    def test_says_what_is_not_known_and_what_was_taken_back(self):
        bare = replace(SAVED_PAGE, identifiers=ARXIV.identifiers, abstract="")
        gone = replace(ARXIV, authors=(), abstract="", withdrawn=True, notice="A *gap* in the proof.")
        written = self.written(bare, gone)
        assert "- Authors: 2, not named" in written
        assert r"**This paper was withdrawn.** A \*gap\* in the proof." in written
        assert "There is no abstract." in written
