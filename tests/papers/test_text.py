"""Titles and abstracts as people read them: TeX that is certain is shown, the rest stays."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from broadsheet.papers.text import block, for_xml, inline, plain


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"Schr\"odinger, Fr\'{e}chet and G{\"o}del", "Schrödinger, Fréchet and Gödel"),
        (r"na\"{\i}ve \v{C}ech fa\c{c}ade Erd\H{o}s", "naïve Čech façade Erdős"),
        (r"\L{}ukasz \O rsted stra\ss e", "Łukasz Ørsted straße"),
        (r"today\'s and Gr\"unbaum\'s but Pozna\'nski", "today's and Grünbaum's but Poznański"),
        (r"\b{eta}-decay, \k{appa} = 0.7, {\alpha}-waves", "β-decay, κ = 0.7, α-waves"),
        (r"a tilt of 25{\deg}", "a tilt of 25°"),
    ],
)
def test_accents_and_letters_are_decoded(source, shown):
    assert plain(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"\emph{two} \textbf{three} {\em four} {\bf five}", "two three four five"),
        (r"\textsc{Small}Caps and \underline{lined}", "SmallCaps and lined"),
        (r"{\emph meant} as \bf{that}", "meant as that"),
        (r"\textcolor{red}{red} {\color{blue} blue}", "red blue"),
        (r"1\textsuperscript{2} H\textsubscript{2}O", "1² H₂O"),
        (r"as shown \cite{knuth84,lamport86}", "as shown [knuth84,lamport86]"),
        (r"seen \citep[see][p. 2]{knuth84}", "seen [knuth84]"),
        (r"ours\footnote{Code follows.}", "ours (Code follows.)"),
        (r"models (\eg, ours), \ie these", "models (e.g., ours), i.e. these"),
        (r"30{,}078 {B}ayes {AB} $γ{=}4$", "30,078 Bayes AB γ=4"),
    ],
)
def test_text_commands_are_unwrapped(source, shown):
    assert plain(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        r"we present \model, which beats \ours{x}",
        r"\textbf{ never closed",
        r"a stray } and a stray {",
        r"sets such as {a, b} and {1.0, 0.5}",
        r'a record {"role": {}}',
        r"the path C:\new\table",
        r"use `code` and ```three``` ticks",
        "an angle of 3'' and 5'",
        "run it with --verbose or (--all)",
        "at z~7, cs~1 or ~30 of them",
        "<EOS> ends a <s> sentence",
        "Questions & answers, Q&A; AT&T",
        "a_b, file_name.py and snake_case_names",
    ],
)
def test_what_is_not_certain_stays_as_it_is(source):
    assert plain(source) == source


def test_a_private_macro_loses_only_the_empty_braces_behind_it():
    assert plain(r"\model{} wins") == r"\model wins"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("``double'' and ``mixed\" quotes", "“double” and “mixed” quotes"),
        ("`single' quotes, the users' own", "‘single’ quotes, the users' own"),
        ("pages 3--7, human--machine", "pages 3–7, human–machine"),
        ("first -- then --- last", "first – then — last"),
        (r"5\% of \$20 \& more, a\_b, \#1", "5% of $20 & more, a_b, #1"),
        ("Table~2, method~(ours) and~three", "Table 2, method (ours) and three"),
        ("6.2% &#177; 2.8%, R&amp;D, &lt;b&gt;", "6.2% ± 2.8%, R&D, <b>"),
        ("  two\n  lines\tand  blanks ", "two lines and blanks"),
    ],
)
def test_quotes_dashes_ties_and_entities_are_written_as_signs(source, shown):
    assert plain(source) == shown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (r"$\alpha$ and $O(n^2)$ with $\ell_1$", "α and O(n²) with ℓ₁"),
        (r"\(x_i\) in \[10^{-4}\]", "x_i in 10⁻⁴"),
        (r"$64\times 64$ or 3$\times$", "64×64 or 3×"),
        (r"$\mathcal{O}(n \log n)$ in $\mathbb{R}^n$", "O(n log n) in ℝⁿ"),
        (r"$\frac{1}{2}$, $\sqrt{2}$, $\hat{x}$", "1/2, √2, x̂"),
        (r"$M_{\rm BH} \sim 10^{6}\,M_\odot$", "M_BH ∼ 10⁶ M_⊙"),
        (r"$5\,$GHz", "5 GHz"),
        (r"$\alpha < 0.05$, $\beta \in B$, $\pi r$", "α < 0.05, β ∈ B, πr"),
        (r"$\textbf{R}$easoning $\textit{well}$", "Reasoning well"),
        (r"$10^8\Msun$", r"10⁸\Msun"),
        (r"$\bigO{n}$", r"\bigO{n}"),
    ],
)
def test_maths_is_readable_in_plain_text(source, shown):
    assert plain(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "it costs $5 and $10 per hour",
        "from $50,000 to $500",
        "$5-$10 a head",
        "a lone $ sign and \ta US$3 fee".replace("\t", ""),
        "rising from $64 to $96 billion, then $2.",
    ],
)
def test_prices_are_no_maths(source):
    assert plain(source) == source
    assert "<math" not in block(source)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("64times 64 and 256times256.", "64×64 and 256×256."),
        ("1.22times faster, 3.5times, 7{times}", "1.22× faster, 3.5×, 7×"),
        ("sim2, sim 2 and (sim51K)", "∼2, ∼2 and (∼51K)"),
        ("1.04sim2.2times less", "1.04∼2.2× less"),
        ("approx20% more", "≈20% more"),
        ("ell_1, ell_p and ell_infty norms", "ℓ₁, ℓ_p and ℓ_∞ norms"),
        ("10^{-4}, x^2, TRC^{2} and D^{-1}", "10⁻⁴, x², TRC² and D⁻¹"),
        ("F_1, log_2 N and G_{stack}", "F₁, log₂ N and G_stack"),
        ("1leq p<2, pneq 2 and 0 leq q < infty", "1≤p<2, p≠2 and 0 ≤ q < ∞"),
        ("mathcal{O}(d^2) and sqrt[3]{log n}", "O(d²) and ∛(log n)"),
        ("n times d, m gg n", "n × d, m ≫ n"),
        ("English rightarrow German, ArightarrowB", "English → German, A→B"),
        ("wordx2013even", "word–even"),
        ("up to 5 (ge 3 of them)", "up to 5 (≥ 3 of them)"),
    ],
)
def test_remains_of_stripped_maths_are_mended_where_they_are_certain(source, shown):
    assert plain(source) == shown


@pytest.mark.parametrize(
    "source",
    [
        "sim2real, real2sim2real and Sim2Sim transfer",
        "3 times faster, twice 2 times a week",
        "similar, simple; sometimes; timestamps",
        "an alpha channel, in approx. 20 steps",
        "the Ineq-Comp set at 5 pm 6 people met",
        "KQ^top and a d/I_{D, h_star}",
        "widetilde Theta and left(x right)",
    ],
)
def test_words_that_may_mean_themselves_are_left_alone(source):
    assert plain(source) == source


def test_controls_and_directional_overrides_are_not_shown():
    assert plain("a\x00b\x07 \u202ecod\u202c\u200b \ufeffe\x9f") == "ab cod e"
    assert inline("evil\u202etxt\U000f0001") == "eviltxt"


def test_letters_of_every_script_and_emoji_stay():
    text = "Ελληνικά, 中文, हिन्दी, עברית, Łódź, 𝔽, 👩‍🔬"
    assert plain(text) == inline(text) == text


def test_plain_text_is_shown_once_and_for_all():
    once = plain(r"``Na\"ive'' $\ell_1$ -- 64times 64 \emph{x} \% \model z~7 10^{-4}")
    assert plain(once) == once


def test_a_title_has_emphasis_and_maths_and_is_escaped():
    shown = inline(r"\emph{Fast} <b> & $n^2$ \texttt{--x} \textbf{\emph{both}}")
    assert shown == (
        "<em>Fast</em> &lt;b&gt; &amp; <math><msup><mi>n</mi><mn>2</mn></msup></math> "
        "<code>--x</code> <strong><em>both</em></strong>"
    )


def test_a_text_too_long_for_an_abstract_is_shown_as_it_is():
    text = r"<b> \emph{x} " * 10_000
    assert plain(text) == text.strip()
    assert inline(text).startswith(r"&lt;b&gt; \emph{x}")


def test_emphasis_that_is_never_closed_marks_nothing():
    assert inline(r"\textbf{open and {\em shut}") == r"\textbf{open and <em>shut</em>"


def test_deep_groups_are_read_to_the_end():
    deep = 2_000
    assert plain(r"\emph{" * deep + "x" + "}" * deep) == "x"
    assert plain("{" * deep) == "{" * deep


def test_a_title_has_no_links():
    assert inline(r"See https://example.org and \href{https://example.org/a}{this}") == (
        "See https://example.org and this"
    )


def test_powers_and_indices_of_stripped_maths_are_raised_and_lowered():
    assert inline("EMPO^2 and G_{stack} to 10^{-4}") == (
        "EMPO<sup>2</sup> and G<sub>stack</sub> to 10<sup>−4</sup>"
    )


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        r"\emph{<script>alert(1)</script>}",
        r"\texttt{<script>alert(1)</script>}",
        r"$\text{<script>alert(1)</script>}$",
        r"$<script>alert(1)</script>$",
        r"$\unicode{x3c}script\unicode{x3e}$",
        r"$\href{javascript:alert(1)}{x}$",
        r"\href{javascript:alert(1)}{<script>}",
        r"$\style{x:expression(alert(1))}{<script>}$",
        r"$\class{x onclick=alert(1)}{<script>}$",
        'https://example.org/"onmouseover="alert(1)"<script>',
        "x_{<script>} and y^{<script>}",
    ],
)
def test_nothing_foreign_becomes_markup(source):
    for shown in (inline(source), block(source)):
        parser = Tags()
        parser.feed(shown)
        assert not parser.tags & {"script", "b", "i"}
        assert parser.attributes <= {"href", "rel", "class", "mathvariant", "stretchy", "lspace", "rspace"}
        assert not any(url.startswith("javascript:") for url in parser.urls)


class Tags(HTMLParser):
    """What a browser would see."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.urls = set(), set(), set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.urls |= {value for name, value in attrs if name == "href"}


def test_what_xml_cannot_hold_is_shown_as_lost_and_all_else_stays():
    assert for_xml("a\x00b\x1b\ud800\ufffe") == "a\ufffdb\ufffd\ufffd\ufffd"
    kept = "tab\tline\r\n <b> & é 𝔸 \U0010ffff"
    assert for_xml(kept) == kept
