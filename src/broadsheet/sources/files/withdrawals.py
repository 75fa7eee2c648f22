"""Withdrawals that are told in words: in a comment or at the beginning of an abstract."""

from __future__ import annotations

import re

from broadsheet.papers.patterns import lazy_pattern

_PAPER = r"(?:(?:e-?)?print|paper|article|manuscript|preprint|submission|work|report|note|letter)"
_ADVERBS = r"(?: (?:now|since|hereby|therefore|thus|also|already|being|been|\w{2,20}ly))*"
_WHO = r"(?:(?:the |both |all )?authors?(?: ?\(s\)| \(\w[^()]{0,40}\))?|we|i)"
# A paper withdrawn from a conference is still on arXiv, and so is what came back.
_NOT_AFTER = (
    r"(?!,? from (?!(?:the )?arxiv\b))"
    r"(?!(?: by (?:the |its )?\w{1,20}(?:\(s\))?)?,? (?:and|but|then)(?: \w{2,20}){0,3}? (?:re-?submitted|"
    r"replaced|re-?posted|re-?uploaded|re-?instated|restored|revised|corrected))"
)
# `this paper has now been withdrawn`, but not `an earlier version of this paper`
_PASSIVE = (
    rf"(?<!\bof )(?<!\bin )\b(?:(?:this|the|our|present|current) {_PAPER}|this (?:\w{{2,20}} )?version)"
    rf"(?: (?:has|have|had|was|is|are))?{_ADVERBS} withdrawn\b{_NOT_AFTER}"
)
# `the authors have withdrawn this paper`, `we withdraw this submission`
_ACTIVE = (
    rf"\b{_WHO}(?: (?:has|have|had|are|is|am|must|will))?"
    rf"(?:{_ADVERBS} (?:wish(?:es)?|wants?|would like|decided|chose|chosen|asked) to)?"
    rf"{_ADVERBS} with(?:draws?|drawn|drew|drawing) (?:this|the|our|their)(?: present| current)? {_PAPER}\b"
    rf"{_NOT_AFTER}"
)
# `Withdrawn.`, `paper withdrawn by the author(s)`: a sentence of its own.
_ALONE = (
    rf"(?:(?:{_PAPER}|version) )?(?:temporarily )?withdrawn"
    rf"(?: (?:by|as|since|due to|because|from (?:the )?arxiv)\b|\s*(?:[.,;:)\]!*]|$)){_NOT_AFTER}"
)
_STARTS = lazy_pattern(rf"[\W_]*(?:{_PASSIVE}|{_ACTIVE}|{_ALONE})", re.IGNORECASE)
_SAYS = lazy_pattern(rf"{_PASSIVE}|{_ACTIVE}|(?:[.:;([\n]\s*){_ALONE}", re.IGNORECASE)


def is_withdrawn(abstract: str, comment: str) -> bool:
    """True where the usual wording says that the paper itself is withdrawn."""
    comment = " ".join(comment.split())
    return "ithdr" in f"{abstract}{comment}".lower() and bool(
        _STARTS.match(" ".join(abstract[:1000].split())) or _STARTS.match(comment) or _SAYS.search(comment)
    )
