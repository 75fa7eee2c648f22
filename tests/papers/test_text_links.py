"""Links in abstracts: whole addresses, without the punctuation that sticks to them."""

from __future__ import annotations

import pytest

from broadsheet.papers.text import block, plain


def link(url, label=None):
    return f'<a href="{url}" rel="nofollow noopener">{label or url}</a>'


@pytest.mark.parametrize("glued", [".", ",", ";", ")", "].", "'", "'')", "!", ").", ":"])
def test_punctuation_after_an_address_is_not_part_of_it(glued):
    shown = block(f"See https://example.org/a-b_c{glued}")
    assert link("https://example.org/a-b_c") in shown
    assert "c%" not in shown


def test_brackets_that_an_address_opens_belong_to_it():
    assert link("https://example.org/a_(b)") in block("(https://example.org/a_(b))")


@pytest.mark.parametrize(
    ("source", "url", "label"),
    [
        ("github.com/a/b.", "https://github.com/a/b", "github.com/a/b"),
        ("at hf.co/a/b,", "https://hf.co/a/b", "hf.co/a/b"),
        ("huggingface.co/a", "https://huggingface.co/a", "huggingface.co/a"),
        ("someone.github.io/page/", "https://someone.github.io/page/", "someone.github.io/page/"),
        ("(arXiv:2401.01234v2)", "https://arxiv.org/abs/2401.01234v2", "arXiv:2401.01234v2"),
    ],
)
def test_known_hosts_and_arxiv_identifiers_need_no_scheme(source, url, label):
    assert link(url, label) in block(source)


@pytest.mark.parametrize(
    "source",
    ["notgithub.com/a", "me@github.com/x", "github.com", "arXiv:12", "http://", "https://localhost/x"],
)
def test_what_is_no_whole_address_is_no_link(source):
    assert "<a" not in block(source)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\url{https://example.org/a\_b}", link("https://example.org/a_b")),
        (r"https://example.org/a\_b\%20c", link("https://example.org/a_b%20c")),
        (r"\href{https://example.org/a\_b}{our page}", link("https://example.org/a_b", "our page")),
        (r"\href{this page}{http://example.org}", link("http://example.org", "this page")),
        (r"\href{https://example.org}{\textbf{B} \& C}", link("https://example.org", "B &amp; C")),
        (r"\texttt{https://example.org/x}", link("https://example.org/x")),
        (r"$\href{https://example.org}{here}$", link("https://example.org", "here")),
        (r"\url{github.com/a/b}", link("https://github.com/a/b", "github.com/a/b")),
        (r"\href{mailto:someone}{write}", "write"),
    ],
)
def test_tex_in_addresses_is_read(source, shown):
    assert block(source) == f"<p>{shown}</p>"


def test_the_label_of_a_stripped_link_is_kept():
    assert block("at https://example.org/{project page}.") == (
        f"<p>at {link('https://example.org/', 'project page')}.</p>"
    )
    assert plain("https://example.org/{https://example.org/}.") == "https://example.org/."


def test_plain_text_says_where_a_link_leads():
    assert plain(r"Code is \href{https://example.org/x}{here}.") == "Code is here (https://example.org/x)."


def test_dashes_tildes_and_indices_in_an_address_stay():
    url = "https://example.org/~me/a--b_c"
    assert plain(url) == url
    assert link("https://example.org/~me/a--b_c") in block(url)


def test_an_ampersand_in_an_address_is_escaped():
    assert link("https://example.org/?a=1&amp;b=2") in block("https://example.org/?a=1&b=2")


@pytest.mark.parametrize(
    "source",
    [
        "First part.\n\nSecond part.",
        "  First part.\n  Second part.\n",
        "  First\npart.\n  Second\npart.\n",
        "First part.\r\n \r\n\r\nSecond part.",
    ],
)
def test_paragraphs_are_kept(source):
    assert block(source).replace("First\npart", "First part").count("<p>") == 2


def test_broken_lines_are_one_paragraph():
    assert block("  A line that is\nbroken, e.g.\nhere.\n") == "<p>A line that is broken, e.g. here.</p>"


def test_no_text_is_no_paragraph():
    assert block(" \n ") == ""


def test_a_link_of_markdown_is_a_link():
    shown = block("See [the code](https://code.example/a_1), and [1] (https://code.example/b).")
    assert f"See {link('https://code.example/a_1', 'the code')}," in shown
    assert link("https://code.example/b") in shown
