"""Keys and fingerprints: one for all spellings of the same text."""

from __future__ import annotations

import gzip
import itertools
import json

import pytest

from broadsheet.papers.text import fingerprint_words, letters_and_digits, plain, title_key


@pytest.mark.parametrize(
    "spellings",
    [
        ("A  Title: of Two-Parts!", "a title of two parts"),
        (r"Beyond $\ell_1$ sparse coding", "Beyond ell_1 sparse coding", "Beyond ℓ₁ sparse coding"),
        (r"On $64\times 64$ images", "On 64times 64 images", "On 64×64 images"),
        (r"$\alpha$-nets", "alpha-nets", "α-nets"),
        (r"$\varepsilon$-balls", "varepsilon-balls", "ε-balls", r"$\epsilon$-balls"),
        (
            r"Schr\"odinger {B}ridges",
            "Schrödinger Bridges",
            "SCHRÖDINGER BRIDGES",
            "Schro\u0308dinger bridges",
        ),
        (r"Erd\H{o}s and \v{C}ech", "Erdős and Čech"),
        (r"In $\mathcal{O}(n^2)$ time", "In mathcal{O}(n^2) time", "In O(n²) time"),
        (r"\textbf{V3}: $V^3$ \emph{now}", "V3: V^3 now"),
        (r"Size $\mathit{2^{128}}$", "Size 2^{128}"),
        (r"A 360$^\circ$ view", "A 360^circ view", "A 360° view"),
        ("ﬁne ½ Straße", "fine 1⁄2 STRASSE"),
        ("Łódź, Ørsted", "Lodz, Orsted"),
        (r"On \enquote{Tides} and \mkbibquote{Ebb}", "On “Tides” and “Ebb”", "On Tides and Ebb"),
        (r"\foreignlanguage{german}{{\"U}ber} die Flut", "Über die Flut"),
        (r"\textbf{Tide} \texttt{maps} of \textcolor{red}{dunes}", "Tide maps of dunes"),
        (r"Musée d{\'e}j{\`a} vu", "Musée déjà vu", "Musee deja vu"),
        (r"From $\leftrightarrow$ to $z \lesssim 2$, $\ge 1$", "From ↔ to z ≲ 2, ≥ 1"),
        ("A $\\frac{1}{2}$ tide", "A 1/2 tide", "A ½ tide"),
        ("Learning C++", r"Learning C\texttt{++}", "Learning {C}++", "LEARNING C ++", r"Learning C$^{++}$"),
        ("Learning C#", r"Learning C\#", "Learning C♯"),
        ("# Tides", "Tides", "Tides #"),
        ("Tides + Waves", "Tides, Waves"),
        ("A & B", r"A \& B"),
        ("Café हिन्दी", "CAFE\u0301 हिन्दी"),
    ],
)
def test_spellings_of_one_title_have_one_key(spellings):
    assert len({title_key(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    "titles",
    [
        ("Learning C", "Learning C++", "Learning C#", "Learning F#"),
        ("TideNet", "TideNet++", "TideNet 2"),
        ("काल", "कला", "कल", "किल", "कुल"),
        ("கல்", "கலை", "கால"),
        ("กา", "กี", "กู"),
        ("が", "か"),
        ("はば", "ばは"),
    ],
)
def test_titles_that_differ_in_a_sign_or_a_vowel_only_have_keys_of_their_own(titles):
    assert len({title_key(title) for title in titles}) == len(titles)


def test_the_shown_title_has_the_key_of_the_title(shared):
    snapshot = shared / "data" / "arxiv-metadata-oai-snapshot.json.gz"
    with gzip.open(snapshot, "rt", encoding="utf-8") as lines:
        titles = [" ".join(json.loads(line)["title"].split()) for line in itertools.islice(lines, 20_000)]
    written = [title for title in titles if any(sign in title for sign in "\\{$")]
    assert len(written) > 100
    assert [title for title in written if title_key(title) != title_key(plain(title))] == []


@pytest.mark.parametrize(
    ("text", "letters"),
    [("Learning C++", "learningc"), ("हिन्दी", "हनद"), (r"On \enquote{Tides}", "onenquotetides")],
)
def test_what_keys_were_made_of_never_changes(text, letters):
    assert letters_and_digits(text) == letters


def test_a_key_holds_letters_and_digits_of_any_script_only():
    assert title_key("Étude No. 7 — 中文 & more!") == "etudeno7中文more"


@pytest.mark.parametrize("title", ["!!!", "$$", "—", "?", r"\emph{}"])
def test_a_title_of_signs_alone_has_a_key(title):
    assert title_key(title)


def test_an_abstract_and_its_stripped_form_have_the_same_words():
    whole = r"We \emph{show} that $64\times 64$ images of Schr\"odinger $\alpha$ cost $O(n^2)$."
    stripped = "We show that 64times 64 images of Schrödinger alpha cost O(n^2)."
    assert fingerprint_words(whole) == fingerprint_words(stripped)
    assert {"images", "schrodinger", "alpha", "times"} <= fingerprint_words(whole)


def test_words_are_folded_and_numbers_left_out():
    assert fingerprint_words("Été 2024: The THE the cat-sat") == {"ete", "the", "cat", "sat"}
    assert fingerprint_words("") == frozenset()
