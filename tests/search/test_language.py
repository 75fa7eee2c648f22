"""A query is read as the person meant it, and nothing that is typed can make it fail."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broadsheet.search.query.conditions import AllOf, AnyOf, Not, Phrase, Range, Term, Words
from broadsheet.search.query.language import Part, Query, parse


def words(text):
    return Words("text", text)


def days(low, high):
    return Range(
        "date", low and date.fromisoformat(low).toordinal(), high and date.fromisoformat(high).toordinal()
    )


def conditions(typed):
    """The conditions of a query that leaves nothing to be said."""
    asked = parse(typed)
    assert not asked.notes
    return [part.condition for part in asked.parts if part.condition]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("training divergence", "training divergence"),
        ("tab\tand\nline\0end", "tab and line end"),
        ("C++ R0 GPT-4 Q-learning ℓ1 A* F#", "C++ R0 GPT-4 Q-learning ℓ1 A* F#"),
        ("Q-learning - a survey -- in brief", "Q-learning a survey in brief"),
        ("the ResNet (2015) and f(x), g(h(x))", "the ResNet 2015 and f(x), g(h(x))"),
        ("a (1+x)-approximation", "a (1+x)-approximation"),
        ("(what is known) of (graphs", "what is known of graphs"),
        (
            r"$\ell_1$ and \alpha for $x - y$ of $p(a OR b)$",
            r"$\ell_1$ and \alpha for $x - y$ of $p(a OR b)$",
        ),
        ("between $5 and $10", "between 5 and 10"),
        ('an open "quote', "an open quote"),
        ('a 5" screen', "a 5 screen"),
        ("so\u00adcalled \u200bwords", "socalled words"),
        ("at 10:30 in std::vector", "at 10:30 in std::vector"),
        ("https://example.org/a?b=c:d", "https://example.org/a?b=c:d"),
        ("arXiv:2408.00714v2", "arXiv:2408.00714v2"),
        ("doi:10.1145/3292500.3330701", "doi:10.1145/3292500.3330701"),
        ("this or that and not those", "this or that and not those"),
    ],
)
def test_what_is_no_operator_is_a_word(typed, text):
    asked = parse(typed)
    assert (asked.text, asked.condition, asked.notes) == (text, None, ())


@pytest.mark.parametrize(
    ("typed", "part"),
    [
        ("robots", Part("robots", "robots")),
        ('"loss spike"', Part('"loss spike"', "loss spike", Phrase("text", "loss spike"))),
        ("-vision", Part("-vision", "", Not(words("vision")))),
        ('-"vision model"', Part('-"vision model"', "", Not(Phrase("text", "vision model")))),
        (
            "title:self-attention",
            Part("title:self-attention", "self-attention", Words("title", "self-attention")),
        ),
        ('abstract:"a, b"', Part('abstract:"a, b"', "a, b", Phrase("abstract", "a, b"))),
        ("author:doe", Part("author:doe", "", Words("author", "doe"))),
        ('org:"Kitchen Lab"', Part('org:"Kitchen Lab"', "", Phrase("org", "Kitchen Lab"))),
        ("cats OR dogs", Part("cats OR dogs", "cats dogs", AnyOf((words("cats"), words("dogs"))))),
    ],
)
def test_a_part_says_how_it_is_typed_what_it_asks_and_what_it_requires(typed, part):
    assert parse(typed) == Query((part,))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("“loss spike”", Phrase("text", "loss spike")),
        ("„loss spike“", Phrase("text", "loss spike")),
        ("«loss spike»", Phrase("text", "loss spike")),
        ("``loss spike''", Phrase("text", "loss spike")),
        ('"keep -this OR inside"', Phrase("text", "keep -this OR inside")),
        ("−vision", Not(words("vision"))),
        ("NOT vision", Not(words("vision"))),
        (r"-\alpha", Not(words(r"\alpha"))),
        ("-$x^2$", Not(words("$x^2$"))),
        ("-GPT-3", Not(words("GPT-3"))),
        ("-cat:cs.CV", Not(Term("cat", "cs.CV"))),
        ("-author:x", Not(Words("author", "x"))),
    ],
)
def test_quotes_and_exclusions_are_taken_in_every_spelling(typed, meant):
    assert conditions(typed) == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a OR b OR c", AnyOf((words("a"), words("b"), words("c")))),
        ("a AND b OR c", AnyOf((AllOf((words("a"), words("b"))), words("c")))),
        ("(a b) OR c", AnyOf((AllOf((words("a"), words("b"))), words("c")))),
        ("a OR -b", AnyOf((words("a"), Not(words("b"))))),
        ("a OR NOT b", AnyOf((words("a"), Not(words("b"))))),
        ("((a OR b))", AnyOf((words("a"), words("b")))),
        ("-(a OR b)", Not(AnyOf((words("a"), words("b"))))),
        ("-(a b)", Not(AllOf((words("a"), words("b"))))),
        ("NOT (a title:b)", Not(AllOf((words("a"), Words("title", "b"))))),
        ("title:(a OR b)", AnyOf((Words("title", "a"), Words("title", "b")))),
        ("cat:(cs.LG OR stat.ML)", AnyOf((Term("cat", "cs.LG"), Term("cat", "stat.ML")))),
        ("author:doe OR title:x", AnyOf((Words("author", "doe"), Words("title", "x")))),
        ("(a OR b", AnyOf((words("a"), words("b")))),
    ],
)
def test_operators_bind_as_people_expect(typed, meant):
    assert conditions(typed) == [meant]


@pytest.mark.parametrize(
    ("typed", "parts"),
    [
        ("a b OR c d", ["a", "b OR c", "d"]),
        ("(a OR b) c", ["a OR b", "c"]),
        ("a AND b", ['"a"', '"b"']),
        ("robots AND cat:cs.RO", ['"robots"', "cat:cs.RO"]),
        ("(a OR b) AND c", ["a OR b", '"c"']),
        ("a AND NOT b", ['"a"', "-b"]),
        ("(a title:b year:2024)", ["a", "title:b", "year:2024"]),
        ("title:(deep nets) x", ["title:deep", "title:nets", "x"]),
        ("cat:cs.LG, year:2024, x", ["cat:cs.LG", "year:2024", "x"]),
        ("a OR () b ()", ["a", "b"]),
    ],
)
def test_a_query_falls_into_parts_that_can_be_taken_away_one_by_one(typed, parts):
    assert [part.typed for part in parse(typed).parts] == parts


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("cat:CS.lg", Term("cat", "cs.LG")),
        ("cat:stat.TH", Term("cat", "math.ST")),
        ("cat:math.*", Term("cat", "math")),
        ("category:cs", Term("cat", "cs")),
        ('cat:"cmp-lg"', Term("cat", "cmp-lg")),
        ("source:HF", Term("source", "huggingface")),
        ("source:saved_page", Term("source", "saved_page")),
        ("has:Code", Term("has", "code")),
        ("has:video", Term("has", "media")),
        ("id:arXiv:2408.00714v3", Term("id", "2408.00714")),
        ("id:https://arxiv.org/abs/2408.00714", Term("id", "2408.00714")),
        ("id:10.1145/ABC(1)", Term("id", "doi:10.1145/abc(1)")),
        ('au:"Doe, Jane"', Phrase("author", "Jane Doe")),
        ("ti:loss", Words("title", "loss")),
        ("Title:loss", Words("title", "loss")),
        ("title：loss", Words("title", "loss")),
    ],
)
def test_values_of_fields_are_brought_into_one_form(typed, meant):
    assert conditions(typed) == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("year:2024", days("2024-01-01", "2024-12-31")),
        ("year:2024..2026", days("2024-01-01", "2026-12-31")),
        ("year:2024-2026", days("2024-01-01", "2026-12-31")),
        ("year:2024–2026", days("2024-01-01", "2026-12-31")),
        ("year:2024…2026", days("2024-01-01", "2026-12-31")),
        ("year:>=2024", days("2024-01-01", None)),
        ("year:2024..", days("2024-01-01", None)),
        ("year:2024..*", days("2024-01-01", None)),
        ("year:>2024", days("2025-01-01", None)),
        ("year:<2024", days(None, "2023-12-31")),
        ("year:..2024", days(None, "2024-12-31")),
        ("date:2026-11-20", days("2026-11-20", "2026-11-20")),
        ("date:=2026/11/20", days("2026-11-20", "2026-11-20")),
        ("date:2026-2", days("2026-02-01", "2026-02-28")),
        ("date:2026-01..2026-03", days("2026-01-01", "2026-03-31")),
        ("date:2024-2025-06", days("2024-01-01", "2025-06-30")),
        ("date:>2026-03-01", days("2026-03-02", None)),
        ("date:≤2026-03", days(None, "2026-03-31")),
        ("date:>9999", days("9999-12-31", None)),
        ("votes:10", Range("votes", 10, 10)),
        ("votes:>10", Range("votes", 11, None)),
        ("votes:10..", Range("votes", 10, None)),
        ("votes:-5..5", Range("votes", -5, 5)),
        ("comments:5..10", Range("comments", 5, 10)),
        ("comments:<=3", Range("comments", None, 3)),
        (f"votes:<{'9' * 30}", Range("votes", None, 2**63 - 1)),
    ],
)
def test_ranges_are_read_in_every_usual_form(typed, meant):
    assert conditions(typed) == [meant]


@pytest.mark.parametrize(
    ("typed", "text", "note"),
    [
        ("foo:bar", "foo:bar", "“foo:” is not a field"),
        ('foo:"a b"', "a b", "“foo:” is not a field"),
        ("title: a subtitle", "title: a subtitle", "Nothing stands right after “title:”"),
        ("year:abc", "year:abc", "year:2024..2026"),
        ("votes:>many", "votes:>many", "votes:>10"),
        (f"votes:{'9' * 5000}", f"votes:{'9' * 5000}", "votes:>10"),
        ("date:2026-13-45", "date:2026-13-45", "date:2026-11-20"),
        ("date:0000", "date:0000", "date:2026-11-20"),
        ("cat:quantum", "cat:quantum", "cat:cs.LG"),
        ('cat:"the OR quantum"', "the or quantum", "cat:cs.LG"),
        ("has:colour", "has:colour", "has:code"),
        ("id:nothing", "id:nothing", "id:2408.00714"),
        ('title:"…"', "", "title:word"),
        ("OR gates", "or gates", "“OR” has nothing to join"),
        ("gates AND", "gates and", "“AND” has nothing to join"),
        ("NOT -a b", "not b", "“NOT” has nothing to join"),
        ("(" * 20 + "a OR b" + ")" * 20, "a b", "Parentheses are read 8 deep"),
        ("word " * 2500, " ".join(["word"] * 2000), "first 10,000 characters"),
        ("-x " * 70 + "y", "y", "first 64 conditions"),
    ],
)
def test_what_is_not_understood_is_searched_as_words_and_said(typed, text, note):
    asked = parse(typed)
    assert asked.text == text
    assert any(note in one and one.endswith(".") for one in asked.notes)
    assert max(map(len, asked.notes)) < 250


@pytest.mark.parametrize(
    ("typed", "turned"),
    [
        ("year:2026..2024", "year:2024..2026"),
        ("date:2026-03..2026-01", "date:2026-01..2026-03"),
        ("votes:10..5", "votes:5..10"),
    ],
)
def test_a_range_the_wrong_way_round_is_turned_and_said(typed, turned):
    asked = parse(typed)
    assert asked.parts == parse(turned).parts
    assert asked.notes == (f"{typed} ends before it begins and was read as {turned}.",)


@pytest.mark.parametrize("typed", ["", "   ", "?!…", '"', '""', "---", "()", "-()", "$", "\ud800"])
def test_a_query_that_asks_for_nothing_says_so(typed):
    asked = parse(typed)
    assert not asked.parts
    assert (asked.text, asked.condition, asked.typed) == ("", None, "")


def test_a_filter_alone_is_something_to_ask_for():
    asked = parse("-vision year:2024")
    assert asked.parts
    assert asked.text == ""
    assert asked.condition == AllOf((Not(words("vision")), days("2024-01-01", "2024-12-31")))


def test_a_part_can_be_added_and_taken_away():
    asked = parse("robots year:2024")
    more = asked.with_part("cat:cs.RO")
    assert more.typed == "robots year:2024 cat:cs.RO"
    assert more.with_part("cat:cs.RO") == more
    assert more.without(asked.parts[1]).typed == "robots cat:cs.RO"
    assert parse("a OR b").with_part("c").parts == parse("a OR b c").parts


def test_of_too_many_alternatives_the_first_are_read():
    asked = parse(" OR ".join(f"w{number}" for number in range(500)))
    (part,) = asked.parts
    assert part.condition == AnyOf(tuple(words(f"w{number}") for number in range(64)))


PIECES = (
    *(
        '"',
        "“",
        "(",
        ")",
        "-",
        "-(",
        "$",
        "``",
        "''",
        "`",
        ":",
        "//",
        ",",
        ".",
        "..",
        "#",
        "*",
        "\\",
        "−",
        "_",
    ),
    *("a", "x1", "OR", "AND", "NOT", "title:", "cat:", "year:", "date:", "votes:", "id:", "author:", "foo:"),
    *(
        "2024",
        "2026-03",
        "cs.LG",
        "math.*",
        "2408.00714",
        "9",
        ">",
        "Doe, Jane",
        "has:code",
        '"a b"',
        "$x y$",
    ),
    *(" ", " ", " ", "\0", "\ud800", "\x1c", "\u2028", "\u200b", "é", "²", "İ"),
)
TYPED = st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(st.characters(codec=None))


@given(TYPED)
def test_any_text_is_a_query_whose_canonical_form_reads_the_same(typed):
    asked = parse(typed)
    assert parse(asked.typed).parts == asked.parts
    for text in (asked.typed, asked.text, *asked.notes):
        text.encode()
    for part in asked.parts:
        less = asked.without(part)
        assert parse(less.typed).parts == less.parts


@given(st.lists(st.sampled_from(["a", "-b", "c OR d", "title:e", '"f g"', "year:2024", "-(h i)"])), TYPED)
def test_adding_a_part_leaves_the_others_as_they_are(parts, typed):
    asked = parse(" ".join(parts))
    more = asked.with_part(typed)
    assert more.parts[: len(asked.parts)] == asked.parts
    assert all(part in more.parts for part in parse(typed).parts)


@pytest.mark.parametrize(
    "piece",
    [
        "(",
        ")",
        "(a OR ",
        "a OR ",
        "-a ",
        '"',
        '"a" ',
        "$",
        "$a ",
        "x(",
        "((a)",
        "f(f(",
        "year:x ",
        "foo:x ",
        "9",
        "`",
    ],
)
def test_ten_thousand_characters_of_anything_are_read_in_no_time(piece):
    typed = (piece * 10_000)[:10_000]
    start = time.process_time()
    parse(typed)
    # Many times what it takes, so that a busy machine does not matter; what grows with the square takes more.
    assert time.process_time() - start < 2


def test_phrases_take_more_room_among_the_conditions_than_words():
    many = parse(" ".join(f'"loss spike {number}"' for number in range(40)))
    assert len(many.parts) == 16
    read = "Only the first 64 conditions of the query were read, a phrase counting as 4 and a beginning as 8."
    assert many.notes == (read,)
    assert len(parse(" ".join(f"-word{number}" for number in range(64))).parts) == 64


@pytest.mark.parametrize(
    "typed", ["{}*", "{}\N{FULLWIDTH ASTERISK}", "title:{}*", "author:{}*", "-{}*", "title:{}* OR"]
)
def test_the_beginnings_of_words_take_more_room_still(typed):
    beginnings = [f"word{number}" for number in range(30)]
    many = parse(" ".join(map(typed.format, beginnings)) + " soup and more words")
    assert sum(beginning in many.typed for beginning in beginnings[:8]) == 8
    assert not any(beginning in many.typed for beginning in beginnings[8:])
    assert many.typed.endswith("and more words")
    assert len(many.notes) == 1
    few = parse(" ".join(map(typed.format, beginnings[:7])) + " soup")
    assert not few.notes
