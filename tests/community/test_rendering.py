"""A comment as HTML: what it may hold, what it may not, and that no text takes long or becomes much longer."""

from __future__ import annotations

import math
import random
import re
import time

import pytest

from broadsheet.community.rendering import MOST_TIMES, SHORT, has_links, render

LONG = 65_536
SECONDS = 1.0


@pytest.mark.parametrize(
    ("source", "made"),
    [
        ("*a* **b** `c`", "<p><em>a</em> <strong>b</strong> <code>c</code></p>"),
        ("It costs $5 and $10, or $20.", "<p>It costs $5 and $10, or $20.</p>"),
        ("# Big\n\n- one", "<h4>Big</h4><ul>\n<li>one</li>\n</ul>"),
        (
            "See 2408.00714v2.",
            '<p>See <a href="/papers/2408.00714" rel="nofollow ugc noopener">2408.00714v2</a>.</p>',
        ),
        ("<b>a</b> <!-- b -->", "<p>&lt;b&gt;a&lt;/b&gt; &lt;!-- b --&gt;</p>"),
        ("![a](https://e.example/b.png)", None),
        ("$a_i^2$", "<math>"),
        (r"$\nonsense{$", "<code>"),
    ],
)
def test_a_comment_is_markdown_with_maths_and_links_to_papers(source, made):
    html = render(source).strip()
    if made is None:
        assert "<img" not in html
    elif made.startswith(("<p", "<h")):
        assert html == made
    else:
        assert made in html


@pytest.mark.parametrize(
    "source",
    [
        "[a](javascript:alert(1))",
        "[a](JAVASCRIPT&colon;alert(1))",
        "[a](data:text/html,x)",
        "[a](vbscript:x)",
        "<javascript:alert(1)>",
        "[a]: javascript:x\n\n[a]",
        "[a](/papers/x 'title\" onclick=x')",
        r"$\href{javascript:x}{y}$",
        "<svg/onload=x>",
        "<math><mi xlink:href=javascript:x>",
        "$<script>x</script>$",
        "`<script>`",
        "~~~<script>\nx\n~~~",
    ],
)
def test_nothing_in_a_comment_can_run(source):
    html = render(source)
    tags = [re.sub(r'title="[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", html)]
    assert not [
        tag for tag in tags if re.search(r"(?i)script|\son\w+=|(?:java|vb)script:|data:|<svg|xlink", tag)
    ], html


def test_what_turns_text_or_piles_up_on_it_goes():
    html = render("\u202eevil\u2066 a\u200bb " + "x" + "\u0301" * 10_000 + " \u0e01" + "\u0e47" * 50)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200b]", html)
    assert len(html) < 100


def test_links_elsewhere_are_known_as_such():
    assert has_links(render("https://e.example/a"))
    assert not has_links(render("2408.00714 and [that](/papers/1)"))


MARKS = [
    "[", "![", "[a](", "[a](b)", "]", "*", "_", "*a _b ", "**a*", "`", "``a", "> ", ">", "- ", "1. ", "#", "|", "|a", "a|b\n-|-\n",
    "$", "$a", "$$", "$a$", "$\\frac", "\\", "<", "<a ", "<!--", "&", "&#x", "http://a.b ", "www.", "a@b.c ", "2408.00714 ",
    "arxiv:", "doi:10.1/", "[a]: b\n", "\n", "\t", " ", "~~~\n", "---\n", "{", "a\u0301", "\u202e", "\U0001f469\u200d", "%", "(", "h.c/",
]  # fmt: skip


def bombs() -> list[str]:
    dice = random.Random(13)
    several = ["".join(dice.choices(MARKS, k=dice.randrange(2, 5))) for _ in range(25)]
    nested = [
        mark * (LONG // 2 // len(mark)) + other * (LONG // 2 // len(other))
        for mark, other in (("[", "]"), ("*a ", "b* "), ("![", "](a)"), ("> ", "- "), ("(", ")"))
    ]
    return [one * (LONG // len(one)) for one in (*MARKS, *several)] + nested


def took_at_best(bomb: str) -> tuple[float, str]:
    """The least seconds of the processor that the text takes in three attempts, and its HTML.

    A machine that others use too may take longer for once; the text itself takes as long each time.
    """
    best = math.inf
    for _ in range(3):
        began = time.process_time()
        html = render(bomb)
        best = min(best, time.process_time() - began)
        if best < SECONDS:
            break
    return best, html


def test_no_text_takes_long_or_becomes_much_longer():
    slow = {}
    for bomb in bombs():
        took, html = took_at_best(bomb)
        if took > SECONDS or len(html) > max(SHORT, MOST_TIMES * len(bomb)):
            slow[bomb[:20]] = (took, len(html))
    assert slow == {}
