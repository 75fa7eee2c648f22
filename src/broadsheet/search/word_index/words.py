r"""Words of texts and queries: one spelling for what people and TeX write in many ways, and how it is split.

Texts and queries go through the same steps, so that they meet: `$\ell_1$`, "ℓ₁" and "l1" are one word,
and so are "Erdős" and `Erd\H{o}s`. A stem stands for all forms of a word (Porter's English stemmer);
a compound ("gpt-4", "c++", "k-means") is kept whole beside its parts.
"""

from __future__ import annotations

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Longer ones are data or damage, never a word somebody looks for.
LONGEST_WORD = 60

# A text without any of these is plain, and most are.
_TEX = ("\\", "$", "_", "^", "{", "~", "--")
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[cvuHkrdbt](?=[\s{]))\s*")
_STYLE = re.compile(
    r"\\(?:math[a-z]*|text[a-z]*|emph|bm|bf|it|rm|tt|sc|operatorname|mbox|hat|tilde|bar|left|right)(?![A-Za-z])"
)
# What stands for the letter is written out where the source has lost its backslash.
_ELL = re.compile(r"\\ell(?![A-Za-z])|\bell(?=[_^{]+\d)")
_SCRIPT = re.compile(r"(?<=[^\W_])[_^]\{?([^\W_]{1,2})\}?(?![^\W_])")
_MARKS = str.maketrans({"$": "", "{": "", "}": "", "\\": " ", "~": " "})
_HYPHENS = dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-")
_GREEK = {
    chr(code): name.rpartition(" ")[2].lower()
    for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA))
    if (name := unicodedata.name(chr(code), "")).startswith("GREEK ")
}
_SIGNS = _HYPHENS | _GREEK
_SIGN = re.compile(f"[{''.join(_SIGNS)}]")

# "gpt-4", "max_iter", "c++" and ".net": words with signs within, behind or before them.
_LETTERS = r"[^\W_]+"
_COMPOUND = re.compile(rf"{_LETTERS}(?:[-+.:&@#*_]+{_LETTERS})+[+#*]*|{_LETTERS}[+#*]+|\.[^\W\d_]+")
# What stands around words in a sentence; a dot before a word may belong to it.
_AROUND = ",;:!?()[]\"'“”’"
# People leave a hyphen out, or put one in: "GPT4" and "kNN" are "GPT-4" and "k-NN" elsewhere.
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]+(?:-[^\W_]+)+")
_UNHYPHENATED = re.compile(r"\b([^\W\d_]+(?=\d)|[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z]))([^\W_]+)")

_WITHIN_NAMES = str.maketrans(dict.fromkeys(".,-'\u2019()", " "))
# The words of a name may have others between them, and the family name may stand first.
NAME_SLOP = 3
# A word of no name, which is left out but keeps its places: between two names, so many that no phrase with
# that slop reaches from one into the next.
_NO_NAME = "0"
NAME_GAP = f" {_NO_NAME}" * (NAME_SLOP + 1) + " "

# Function words say nothing about a topic, and most papers have them.
_FUNCTION_WORDS = """
    a about above after again against all also am among an and any are as at be because been before
    being below between both but by can cannot could did do does doing down during each either few for
    from further had has have having he her here hers him his how however i if in into is it its itself
    just like may me might more most much must my neither no nor not of off on once only onto or other
    our ours out over own per quite rather same shall she should since so some such than that the their
    theirs them then there these they this those though through thus to too toward towards under until
    up upon us very via was we were what when where whether which while who whom whose why will with
    within without would yet you your yours
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())


def fold(text: str) -> str:
    """`text` in the one spelling that is indexed and searched: without TeX's signs, Greek letters by name."""
    if any([sign in text for sign in _TEX]):  # noqa: C419 - a generator costs more than all the looking
        text = _without_tex(text)
    if not text.isascii():
        text = _SIGN.sub(lambda sign: _SIGNS[sign[0]], unicodedata.normalize("NFKC", text))
    return text


def _without_tex(text: str) -> str:
    if "\\" in text or "ell" in text:
        text = _ELL.sub("l", _STYLE.sub("", _ACCENT.sub("", text)))
    if "--" in text:
        text = text.replace("---", " ").replace("--", "-")
    if "_" in text or "^" in text:
        text = _SCRIPT.sub(r"\1", text)
    return text.translate(_MARKS)


def _analyzer(tokenizer: Tokenizer, *filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(tokenizer)
    for one in (Filter.remove_long(LONGEST_WORD), Filter.lowercase(), Filter.ascii_fold(), *filters):
        builder = builder.filter(one)
    return builder.build()


STEMS = _analyzer(Tokenizer.simple(), Filter.stemmer("english"))
NAMES = _analyzer(Tokenizer.simple(), Filter.custom_stopword([_NO_NAME]))
COMPOUNDS = _analyzer(Tokenizer.whitespace())
WORDS = _analyzer(Tokenizer.simple())
# What the fields of the index are split with, by the name the index knows it by.
ANALYZERS = {"stems": STEMS, "names": NAMES, "compounds": COMPOUNDS, "words": WORDS}


def stems(folded: str) -> list[str]:
    """The stems of all words of a folded text, in order."""
    return list(STEMS.analyze(folded))


def content_stems(folded: str) -> list[str]:
    """The stems that tell what a query is about; all of them if it has nothing but function words."""
    words = WORDS.analyze(folded)
    telling = [word for word in words if word not in STOP_WORDS]
    return stems(" ".join(telling or words))


def names(folded: str) -> list[str]:
    """The words of a folded text as names of people are indexed: without accents, not stemmed."""
    return list(NAMES.analyze(folded))


def compounds(folded: str) -> str:
    """The words of a folded text with signs in them, whole, with blanks between them."""
    # Few words have signs at all, and most of those only at the end of a sentence.
    signed = [word for word in folded.split() if not word.isalnum()]
    signed = [word for word in signed if not word.strip(_AROUND).rstrip(".").isalnum()]
    return " ".join(_COMPOUND.findall(" ".join(signed)))


def compound_words(folded: str) -> list[str]:
    """The compounds of a query as they are indexed."""
    return list(COMPOUNDS.analyze(compounds(folded)))


def is_more_than_its_parts(compound: str) -> bool:
    """True where the sign tells: "c++" does not mean "c", while "gpt-4" means "gpt" and "4"."""
    return not (compound[0].isalnum() and compound[-1].isalnum())


def joined(folded: str) -> list[str]:
    """The stems of the hyphenated words of a query, written as one word: "k-NN" as "knn"."""
    return stems(" ".join(word.replace("-", "") for word in _HYPHENATED.findall(folded)))


def hyphenated(folded: str) -> list[str]:
    """The words of a query that others write with a hyphen, as compounds: "GPT4" as "gpt-4"."""
    return compound_words(_UNHYPHENATED.sub(r"\1-\2", folded))


def initials(folded: str) -> str:
    """The first letter of each given name with the family name, for names with NAME_GAP between them:
    "Jane Lee Doe" is "JDoe LDoe".
    """
    return " ".join(_initials(name) for name in folded.translate(_WITHIN_NAMES).split(NAME_GAP))


def _initials(name: str) -> str:
    *given, family = name.split() or [""]
    return " ".join([one[0] + family for one in given])
