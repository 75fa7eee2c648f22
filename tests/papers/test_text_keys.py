"""Keys and fingerprints: one for all spellings of the same text."""

from __future__ import annotations

import pytest

from broadsheet.papers.text import fingerprint_words, title_key


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
    ],
)
def test_spellings_of_one_title_have_one_key(spellings):
    assert len({title_key(spelling) for spelling in spellings}) == 1


def test_different_titles_have_different_keys():
    titles = ["ell_1 nets", "ell_2 nets", "中文", "日本", "Nets 2", "Nets", "α", "β"]
    assert len({title_key(title) for title in titles}) == len(titles)


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
