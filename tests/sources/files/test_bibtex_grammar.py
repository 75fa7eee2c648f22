"""The grammar of bibliographies: commas, comments, macros, brackets, and entries that refer to others."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from tests.sources.inputs import records, refusals, remarks, source

from broadsheet.sources.files.bibtex import read
from broadsheet.sources.files.bibtex_entries import Broken, Entry, entries
from broadsheet.sources.formats import recognise


def fields_of(text: str) -> dict[str, str]:
    [entry] = entries(text)
    assert isinstance(entry, Entry), entry
    return entry.fields


@pytest.mark.parametrize(
    "text",
    [
        "@article{k, title={Waves}, year=2024}",
        "@article{k, title={Waves}, year=2024,}",
        "@ARTICLE { k , TITLE = {Waves} , Year = 2024 , }",
        '@article(k, title = "Waves", year = {2024})',
        "@article(k, title={Waves}, year=2024)",
        "@article{\n title={Waves},\n year=2024}",
        "@article{, title={Waves}, year=2024}",
        "@article{k\n title={Waves}, year=2024}",
        "@article{k, title = {Waves}\n year = {2024}\n}",
        "@article{k, title = {Waves} year = 2024}",
        '@article{k, title = "Waves" year = "2024"}',
        "@article{k, year = 2024 title = {Waves}}",
        "@article{k, title={Waves}, % a note, with = and {\n year=2024}",
        "@article{k, % a note\n title={Waves}, year=2024 % another\n}",
        "@article{k,, title={Waves},, year=2024,,}",
        "@article{Erd{\\H{o}}s:2024/a-b_c+d, title={Waves}, year=2024}",
        "@article{key with blanks, title={Waves}, year=2024}",
        "@article\n{k,\ttitle\n=\n{Waves},year=2024}",
        "junk @ home, a@example.org (at night)\n@article{k, title={Waves}, year=2024} more junk",
        "% @misc{old, title={Old}}\n@article{k, title={Waves}, year=2024}",
        "@comment{@misc{old, title={Old}}}\n@article{k, title={Waves}, year=2024}",
        "@comment{\n@misc{old,\n title={Old}}\n\n}\n@article{k, title={Waves}, year=2024}",
        '@Comment jabref\n@preamble{ "\\newcommand{\\x}{y}" # {@misc} }\n@article{k, title={Waves}, year=2024}',
        "@string{y = 2024} @article{k, title={Waves}, year=y}",
        "\n\r\n@article{k,\r title={Waves},\r\n year=2024\r}",
        "@article{k, title={Waves}, year=2024, title={Tides}}",
    ],
)
def test_all_these_say_the_same(text: str) -> None:
    found = fields_of(text)
    assert (found["title"], found["year"]) == ("Waves", "2024")
    assert set(found) == {"title", "year"}


@pytest.mark.parametrize(
    "text",
    ["@article{\n title={Waves},\n year=2024}", "@article{k\n title={Waves}}", "@ article{k, title={W}}"],
)
def test_a_file_is_known_by_an_entry_without_a_key(text: str) -> None:
    assert recognise(text.encode()) == "bibtex"


@pytest.mark.parametrize("text", ["@media (print) { a { color: red; } }", "@decorator(x=1)\ndef f(): pass"])
def test_code_and_styles_are_no_bibliography(text: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        recognise(text.encode())


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ('j # "Waves"', "Journal of Waves"),
        ('a # " and " # b', "Vale, Ada and Fisk, Bo"),
        ("{ x } # { y }", "x  y"),
        ("j", "Journal of"),
        ('{ Waves } # ""', "Waves"),
        ("nowhere # { here}", "nowhere here"),
        ("A # {;} # B", "Vale, Ada;Fisk, Bo"),
        ("2024 # {a}", "2024a"),
        (r"{a \} b}", r"a \} b"),
        (r"{C:\}", "C:\\"),
        ('"a {"} b"', 'a {"} b'),
        ("10 May", "10 May"),
        ("", ""),
    ],
)
def test_pieces_are_joined_with_their_blanks(value: str, shown: str) -> None:
    macros = '@string{j = "Journal of "}@string(a = {Vale, Ada}) @string{b = {Fisk, Bo}, unused = b # a}'
    [entry] = entries(f"{macros}\n@misc{{k, title = {value}, note = {{n}}}}")
    assert isinstance(entry, Entry)
    assert entry.fields == {"title": shown, "note": "n"}


def test_authors_joined_by_macros_are_two_people() -> None:
    content = (
        '@string{a = "Vale, Ada"}\n@string{b = {Fisk, Bo}}\n@misc{k, title={T}, author = a # " and " # b}'
    )
    [record] = read(source(content))
    assert [one.name for one in record.authors] == ["Ada Vale", "Bo Fisk"]


@pytest.mark.parametrize("count", [16, 24, 2_000])
def test_a_macro_bomb_costs_its_entry_and_nothing_else(count: int) -> None:
    macros = "".join(f"@string{{a{n} = a{n - 1} # a{n - 1}}}\n" for n in range(1, count))
    content = f"@string{{a0 = {{tide}}}}\n{macros}@misc{{bomb, title = a{count - 1} # {{!}}}}\n@misc{{k, title={{T}}}}"
    tracemalloc.start()
    found = list(read(source(content)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.title for one in records(found)] == ["T"]
    assert "too long when" in refusals(found)[0].reason
    assert peak < 20 << 20


def test_a_long_macro_used_often_takes_no_more_than_its_share() -> None:
    use = "@misc{k, title = {T}, note = a # a # a}\n"
    content = f"@string{{a = {{{'tide ' * 4_000}}}}}\n{use * 2_000}@misc{{k, title = {{Last}}}}"
    tracemalloc.start()
    found = list(read(source(content)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert records(found)[-1].title == "Last"
    assert len(records(found)) + len(refusals(found)) == 2_001
    assert peak < 40 << 20


@pytest.mark.parametrize(
    "piece",
    [
        "@a{b={",
        "@a{b={\\}} ",
        "{",
        "@comment{",
        "@a{b,",
        "@a(b,c=",
        '@a{b="',
        "%",
        "@a{",
        "\n@a{b={",
        "{\\'",
        "a # ",
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    """A quadratic reader would take minutes for these; four times the text may take eight times as long."""

    def seconds(count: int) -> float:
        text = "@misc{a, title = {T}}\n@misc{b, title = " + piece * count
        started = time.thread_time()
        for _ in entries(text):
            pass
        return time.thread_time() - started

    # The least of some, since a collection of garbage may come between.
    assert any(seconds(12_000) < 8 * seconds(3_000) + 0.2 for _ in range(4))


@pytest.mark.parametrize("piece", ["@a(b,", "@a{b,c,"])
def test_broken_entries_on_one_long_line_take_time_that_grows_with_it(piece: str) -> None:
    def seconds(count: int) -> float:
        started = time.thread_time()
        assert len(list(entries(piece * count))) > count // 3
        return time.thread_time() - started

    assert any(seconds(100_000) < 8 * seconds(25_000) for _ in range(4))


def test_a_field_that_refers_to_itself_many_times_does_not_grow_with_their_square() -> None:
    said = "xdata=a-author and " * 4_000
    tracemalloc.start()
    found = list(read(source(f"@misc{{a, title={{Tides}}, author={{{said}}}}}")))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.title for one in records(found)] == ["Tides"]
    assert peak < 40 << 20


PARENT = (
    "@proceedings{c, title={Tides}, year=2024, publisher={P}, month=may, doi={10.9999/whole}, editor={E, F}}"
)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_part_takes_what_it_does_not_say_from_its_whole(is_first: bool) -> None:
    child = "@inproceedings{a, title={Waves}, crossref={C}}"
    texts = [PARENT, child] if is_first else [child, PARENT]
    found = {one.title: one for one in records(read(source("\n".join(texts))))}
    waves = found["Waves"]
    assert f"{waves.published_at:%Y-%m}" == "2024-05"
    assert waves.journal_ref == "Tides"
    assert (waves.identifiers, waves.authors) == ((), ())


@pytest.mark.parametrize(
    ("entry", "day", "venue"),
    [
        ("@inproceedings{a, title={Waves}, crossref={c}, year=2020, booktitle={Own}}", "2020-01", "Own"),
        ('@inproceedings{a, title={Waves}, crossref="c", year=2024}', "2024-05", "Tides"),
        ("@article{a, title={Waves}, crossref=c}", "2024-05", "Tides"),
        ("@misc{a, title={Waves}, xdata={c}}", "2024-05", ""),
        (
            "@inbook{a, title={Waves}, crossref={child}}\n@inbook{child, title={X}, crossref={c}}",
            "2024-05",
            "Tides",
        ),
        (
            "@inbook{a, title={Waves}, xdata={none, x}}\n@xdata{x, booktitle={Sea}, date={2023-04}}",
            "2023-04",
            "Sea",
        ),
    ],
)
def test_what_is_said_counts_before_what_is_taken_over(entry: str, day: str, venue: str) -> None:
    found = {one.title: one for one in records(read(source(f"{entry}\n{PARENT}")))}
    assert f"{found['Waves'].published_at:%Y-%m}" == day
    assert found["Waves"].journal_ref == venue


def test_data_for_other_entries_is_no_paper() -> None:
    found = list(read(source("@xdata{x, publisher={P}}\n@misc{a, title={A}, xdata={x}}")))
    assert [one.title for one in found] == ["A"]


def test_entries_that_refer_to_each_other_in_a_circle_are_read() -> None:
    content = "@misc{a, title={A}, crossref={b}}\n@misc{b, title={B}, crossref={a}, xdata={b}, year=2024}"
    assert [f"{one.published_at:%Y}" for one in read(source(content))] == ["2024", "2024"]


def test_a_long_chain_and_many_children_of_a_large_entry_are_read_in_bounds() -> None:
    chain = "".join(f"@misc{{k{n}, title={{T{n}}}, crossref={{k{n + 1}}}}}\n" for n in range(1_000))
    assert len(records(read(source(chain)))) == 1_000
    large = f"@book{{p, title={{Sea}}, publisher={{{'x' * 1_000_000}}}}}\n"
    children = "".join(f"@inbook{{c{n}, title={{T{n}}}, crossref={{p}}}}\n" for n in range(2_000))
    assert len(records(read(source(large + children)))) == 2_001


def test_a_reference_that_leads_nowhere_is_said() -> None:
    found = list(read(source("@misc{a, title={A}, crossref={gone}}\n@misc{b, title={B}, xdata={gone}}")))
    assert len(records(found)) == 2
    assert remarks(found)[0].startswith("2 references to other entries")


def test_what_is_broken_is_named_with_the_line_where_it_begins() -> None:
    found = list(
        entries("\n\n@misc{a, title={A}}\n\n@misc{b, title={B} {C}}\n@string{s = {open\n@misc{c, title={D}}")
    )
    assert [(one.line, type(one)) for one in found] == [(3, Entry), (5, Broken), (6, Broken), (7, Entry)]
    assert [one.is_entry for one in found if isinstance(one, Broken)] == [True, False]


KEYS = [
    *(
        "k",
        "k 1",
        " k 1 ",
        "Vale et al 2024",
        "k(1)",
        "k{1}",
        "{k1}",
        'k"1',
        "k'1",
        "k#1",
        "k%1",
        "k~1",
        "k:1/2",
    ),
    *("", "ключ", "k\n", "k" * 150, "k 1 % 2"),
]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_key_is_taken_in_the_first_entry_and_in_a_later_one(key: str, line_end: str) -> None:
    odd = f"@article{{{key}, title={{Waves}},\n year=2024}}\n"
    plain = "@article{p, title={Tides}, year=2023}\n"
    for text in (odd, odd + plain, plain + odd, f"\ufeff{odd}", f"% a note\n{odd}", f"@comment{{x}}{odd}"):
        written = source(text.replace("\n", line_end))
        assert recognise(written.head) == "bibtex", text
        found = [one.title for one in records(read(written))]
        assert sorted(found) == sorted(title for title in ("Tides", "Waves") if f"{{{title}}}" in text), text


def test_an_entry_in_round_brackets_may_have_a_key_with_blanks() -> None:
    for text in ("@article(k 1, title={Waves}, year=2024)", "@my-kind(k 1,\n title={Waves})"):
        assert recognise(text.encode()) == "bibtex"
        assert [one.title for one in records(read(source(text)))] == ["Waves"]
