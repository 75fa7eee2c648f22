"""The point of a paper: the sentence of its abstract in which it says what it does.

The words that tell it apart are few: "we propose", "this paper", "here we show" and their like, in some
languages more than English. No model reads here, so what is quoted is always the authors' own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from broadsheet.papers.patterns import lazy_pattern
from broadsheet.papers.sentences import Span, sentences

_PAPER = (
    r"(?:paper|work|article|study|letter|note|report|thesis|survey|review|manuscript|chapter|tutorial|contribution"
    r"|dissertation|essay|communication|monograph|research|project|book|paper's)"
)
_ADVERB = (
    r"(?:(?:then|also|thus|here|now|first|hereby|further|instead|therefore|next|\w+ly|in this \w+,?)\s+){0,2}"
)


def _forms(verbs: str) -> str:
    """A pattern for all forms of the verbs, such as introduces, introduced and introducing."""
    stems = (verb if len(verb) <= SHORT_VERB else verb.rstrip("ey") for verb in verbs.split())
    return rf"(?:{'|'.join(stems)})\w*"


SHORT_VERB = 3
_MAKES = _forms(
    "propose introduce present develop design devise describe construct release formulate contribute suggest"
    " establish advocate create unveil pioneer offer open-source outline report address tackle provide build"
    " derive conduct explore investigate study revisit examine"
)
_FOUND_OUT = _forms(
    "show find found prove demonstrate argue analyse analyze consider compare evaluate measure observe"
    " discuss review survey compute estimate use using apply train perform obtain determine identify"
    " extend generalize generalise give characterise characterize discover detect calculate predict employ"
    " leverage adopt combine integrate aim seek ask focus look solve simulate model test search reveal"
    " infer collect learn put"
)
# The first sentence of these kinds is the point: what the paper says of itself, or makes.
_SAYS = lazy_pattern(
    rf"\b(?:in|with|through|throughout)\s+(?:this|the present|the current|our)\s+(?:\w+\s+)?{_PAPER}\b"
    rf"|\b(?:this|the present|the current|our)\s+(?:\w+\s+)?{_PAPER}\s+{_ADVERB}\w+"
    rf"|\bthe\s+{_PAPER}\s+{_ADVERB}{_MAKES}"
    rf"|\b(?:we|i|authors)\s+{_ADVERB}{_MAKES}"
    r"|\bhere(?:in)?,?\s+(?:we|i)\b|\bwe\s+here(?:by)?\b"
    r"|\b(?:aim|goal|purpose|objective|subject|topic|focus)s?\s+of"
    rf"\s+(?:this|the present|our|the)\s+(?:\w+\s+)?{_PAPER}"
    r"|\b(?:is|are)\s+(?:proposed|presented|introduced|developed|described|investigated|studied|derived|reported)\b"
    r"|\bto (?:this end|(?:address|overcome|fill|bridge|tackle|close|solve) (?:this|these))\b.{0,60}?\bwe\b"
)
# The same in other languages.
_SAYS_ELSEWHERE = lazy_pattern(
    r"本文|本论文|本論文|本研究|本稿|本工作|我们提出|我們提出|提案する|提案し|본 논문|본 연구|우리는"
    r"|\b(?:nous|on)\s+(?:proposons|présentons|introduisons|étudions|montrons|décrivons|prouvons)"
    r"|\b(?:dans|cet|ce)\s+(?:cet?\s+)?(?:article|papier|travail|mémoire|note)\b"
    r"|\b(?:en\s+)?este\s+(?:trabajo|artículo|estudio|artigo|trabalho)\b|\b(?:proponemos|presentamos|propomos)\b"
    r"|\bin\s+(?:dieser|diesem)\s+(?:arbeit|beitrag|artikel|studie)\b|\bwir\s+(?:stellen|zeigen|schlagen|untersuchen)\b"
    r"|\bв\s+(?:этой|данной|настоящей|этом|данном)\s+(?:работе|статье)|\bмы\s+(?:предлагаем|показываем|изучаем)"
)
# Where there is none, what was found out.
_FINDS = lazy_pattern(
    rf"\b(?:we|i)(?:'ve|\s+have)?\s+{_ADVERB}{_FOUND_OUT}"
    r"|\bour\s+(?:\w+\s+){0,2}(?:method|approach|model|framework|system|algorithm|results?|analysis|contributions?|"
    r"idea|findings|technique|solution|theory|experiments?|goal|aim)\b"
    r"|\b(?:it|this)\s+is\s+(?:shown|proved|proven|demonstrated|argued)\b|\b(?:is|are|was|were)\s+(?:shown|proved)\s+to\b"
)


# Whatever any of them tells comes before what the next one does.
TELLING = (_SAYS, _SAYS_ELSEWHERE, _FINDS)
UNSAID = len(TELLING)


class Candidate(NamedTuple):
    """A sentence that may be the point; the less its `doubt`, the sooner it is; UNSAID tells nothing."""

    span: Span
    doubt: int


def candidates(text: str) -> Iterator[Candidate]:
    """The sentences that may be the point of an abstract, the best first; in the end all, as they stand.

    `text` is on one line.
    """
    spans = list(sentences(text))
    # Letters that are longer as small ones would move all places after them.
    folded = lower if len(lower := text.lower()) == len(text) else text
    for doubt, telling in enumerate(TELLING):
        yield from (Candidate(span, doubt) for span in spans if telling.search(folded, *span))
    yield from (Candidate(span, UNSAID) for span in spans)
