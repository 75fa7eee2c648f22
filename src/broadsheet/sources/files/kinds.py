"""What kind of publication an entry is, by the names that the formats have for it."""

from __future__ import annotations

import re

_NAMES = {
    "article": "jour ejour jfull mgzn news inpr articlejournal articlemagazine articlenewspaper"
    " journalarticle magazinearticle newspaperarticle",
    "inproceedings": "inproceedings conference conf cpaper paperconference proceedingsarticle"
    " conferencepaper",
    "incollection": "incollection inbook bookinbook suppbook suppcollection inreference chap echap encyc dict"
    " chapter entry entrydictionary entryencyclopedia bookchapter booksection bookpart booktrack"
    " referenceentry",
    "book": "book mvbook collection mvcollection proceedings mvproceedings reference mvreference booklet"
    " ebook edbook monograph editedbook referencebook conferenceproceeding",
    "phdthesis": "phdthesis thesis thes dissertation",
    "mastersthesis": "mastersthesis",
    "techreport": "techreport report rprt",
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_NO_LETTERS = re.compile(r"[^a-z]")
_MASTERS = re.compile(r"\b(?:master|mathesis\b|m\.?\s?sc\b)", re.IGNORECASE)


def kind_of(name: str, degree: str = "") -> str:
    """The kind of what a format calls `name`, in capitals or not; empty if that says none of `record.KINDS`.

    A bare `article` says none: to CSL and others it may be a preprint. `degree` says which thesis it is.
    """
    kind = _KINDS.get(_NO_LETTERS.sub("", name.lower()), "")
    return "mastersthesis" if kind == "phdthesis" and _MASTERS.search(degree) else kind
