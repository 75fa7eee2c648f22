r"""Words of texts and queries: one spelling for what people and TeX write in many ways, and how it is split.

Texts and queries go through the same steps, so that they meet: `$\ell_1$`, "ℓ₁" and "l1" are one word,
and so are "Erdős" and `Erd\H{o}s`. A stem stands for all forms of a word (Porter's English stemmer);
a compound ("gpt-4", "c++", "k-means") is kept whole beside its parts. Chinese, Japanese and Korean are
written without blanks between words, so each sign is a word with the next one, as in Lucene's CJK analyzer.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from broadsheet.papers.text import GREEK

# Longer ones are data or damage, never a word somebody looks for.
LONGEST_WORD = 60

# A text without any of these is plain, and most are.
_TEX = ("\\", "$", "_", "^", "{", "~", "--")
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[cvuHkrdbt](?=[\s{]))\s*")
_STYLE = re.compile(
    r"\\(?:math[a-z]*|text[a-z]*|emph|bm|bf|it|rm|tt|sc|operatorname|mbox|hat|tilde|bar|left|right)(?![A-Za-z])"
)
# What stands for the letter is written out where the source has lost its backslash.
_BARE_ELL = re.compile(r"ell(?<![\w\\]ell)(?=[_^{]+\d)")
_ELL = re.compile(r"\\ell(?![A-Za-z])")
_VARIANT = re.compile(r"\\var(?=(?:epsilon|kappa|phi|pi|rho|sigma|theta)(?![A-Za-z]))")
_SCRIPT = re.compile(r"[_^](?<=[^\W_].)\{?([^\W_]{1,2})\}?(?![^\W_])")
# `str.replace` for each takes a fraction of the time of `str.translate`.
_MARKS = {"$": "", "{": "", "}": "", "\\": " ", "~": " "}
_ASCII = frozenset(map(chr, range(128)))
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"))
# Each Greek letter in both cases and with all accents, and the small letter that it is.
_LETTERS_OF = {
    letter: base
    for letter in map(chr, (*range(0x370, 0x400), *range(0x1F00, 0x2000)))
    if (base := unicodedata.normalize("NFD", letter)[0].casefold()) in GREEK
}
_GREEK = re.compile(f"[{''.join(_LETTERS_OF)}]+")
# A longer run of Greek letters is a word of Greek, not a formula.
_LONGEST_SYMBOL = 2
# Han, kana, Hangul and Bopomofo, with the marks that repeat and prolong a sign.
CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u3131-\u318e\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7a3"
    "\ud7b0-\ud7fb\uf900-\ufaff\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_CJK_RUN = re.compile(f"[{CJK}]+")
# Between what was one run stands a sign that is in no word, and no blank: it was typed as one word.
_BESIDE = "\N{MIDDLE DOT}"
# "O'Brien" and "don't", with whatever apostrophe a keyboard or a typesetter puts there.
APOSTROPHES = "'\u2019\u02bc\u2018\u2032"
# A pattern that begins with a set of signs is looked for many times as fast as one that looks back first.
_APOSTROPHE = re.compile(rf"[{APOSTROPHES}](?<=[^\W\d_].)(?=[^\W\d_])")
# A single sign is looked for many times as fast again.
_ASCII_APOSTROPHE = re.compile(r"'(?<=[^\W\d_].)(?=[^\W\d_])")
_BEHIND_APOSTROPHE = re.compile(rf"[{APOSTROPHES}](?<=[^\W\d_].)([^\W\d_]{{3,}})")

# "gpt-4", "max_iter", "c++" and ".net": words with signs within, behind or before them.
_WITH_SIGNS = r"{sign}+(?:[-+.:&@#*_]+{sign}+)+[+#*]*|{sign}+[+#*]+|\.{letter}+"
_COMPOUND = re.compile(_WITH_SIGNS.format(sign=r"[^\W_]", letter=r"[^\W\d_]"))
# For most texts the same, in half the time.
_ASCII_COMPOUND = re.compile(_WITH_SIGNS.format(sign="[0-9A-Za-z]", letter="[A-Za-z]"))
# Every compound has such a sign within, or one that may stand at its end.
_SIGNS, _ENDINGS = "-+.:&@#*_", "+#*"
# People leave a hyphen out, or put one in: "GPT4" and "kNN" are "GPT-4" and "k-NN" elsewhere.
_HYPHENATED = re.compile(r"(?<![^\W_])[^\W_]+(?:-[^\W_]+)+")
_UNHYPHENATED = re.compile(r"\b([^\W\d_]+(?=\d)|[a-z](?=[A-Z])|[A-Z](?=[A-Z][a-z]))([^\W_]+)")

_WITHIN_NAMES = re.compile("[.,'\u2019()-]+")
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
    """`text` in the one spelling that is indexed and searched: without TeX's signs, Greek letters by name,
    Chinese and the like in pairs of signs, and no apostrophes within words.
    """
    text = _spelled(text)
    if text.isascii():
        return _ASCII_APOSTROPHE.sub("", text) if "'" in text else text
    return _APOSTROPHE.sub("", text)


def fold_twice(text: str) -> tuple[str, str]:
    """The text folded, and the words behind its apostrophes."""
    text = _spelled(text)
    if text.isascii() and "'" not in text:
        return text, ""
    return _APOSTROPHE.sub("", text), " ".join(_BEHIND_APOSTROPHE.findall(text))


def behind_apostrophes(text: str) -> str:
    """The words behind the apostrophes of a text, folded: "Hopital" of "l'Hopital"."""
    return fold_twice(text)[1]


def spellings(names: Sequence[str]) -> str:
    """Names as they are indexed, folded, with NAME_GAP between them. Those with an apostrophe in them stand
    there a second time with a blank for it, so that "OBrien", "O Brien" and "Brien" are all found.
    """
    apart = [_APOSTROPHE.sub(" ", name) for name in names if _APOSTROPHE.search(name)]
    return fold(NAME_GAP.join([*names, *apart]))


def _spelled(text: str) -> str:
    if any([sign in text for sign in _TEX]):  # noqa: C419 - a generator costs more than all the looking
        text = _without_tex(text)
    return text if text.isascii() else _in_latin(unicodedata.normalize("NFKC", text))


def _in_latin(text: str) -> str:
    # Few signs of most texts are foreign: to look at these takes a fraction of the time of looking at all.
    foreign = "".join(set(text) - _ASCII)
    if not _HYPHENS.keys().isdisjoint(map(ord, foreign)):
        text = text.translate(_HYPHENS)
    if _GREEK.search(foreign):
        text = _GREEK.sub(_named, text)
    return _CJK_RUN.sub(_in_pairs, text) if _CJK_RUN.search(foreign) else text


def _named(letters: re.Match[str]) -> str:
    small = [_LETTERS_OF[letter] for letter in letters[0]]
    return "".join(map(GREEK.__getitem__, small) if len(small) <= _LONGEST_SYMBOL else small)


def _in_pairs(run: re.Match[str]) -> str:
    signs = run[0]
    pairs = map("".join, pairwise(signs)) if len(signs) > 1 else signs
    return f"{_BESIDE}{_BESIDE.join(pairs)}{_BESIDE}"


def _without_tex(text: str) -> str:
    if "\\" in text:
        text = _STYLE.sub("", _ACCENT.sub("", _VARIANT.sub(r"\\", text)))
    if "ell" in text:
        text = _ELL.sub("l", _BARE_ELL.sub("l", text))
    if "--" in text:
        text = text.replace("---", " ").replace("--", "-")
    if "_" in text or "^" in text:
        text = _SCRIPT.sub(r"\1", text)
    for mark, instead in _MARKS.items():
        text = text.replace(mark, instead)
    return text


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


def content_words(folded: str) -> list[str]:
    """The words that tell what a query is about; all of them if it has nothing but function words."""
    words = list(WORDS.analyze(folded))
    return [word for word in words if word not in STOP_WORDS] or words


def content_stems(folded: str) -> list[str]:
    """The stems of the words that tell what a query is about."""
    return stems(" ".join(content_words(folded)))


def names(folded: str) -> list[str]:
    """The words of a folded text as names of people are indexed: without accents, not stemmed."""
    return list(NAMES.analyze(folded))


def is_pair(word: str) -> bool:
    """True for signs of Chinese, Japanese or Korean, as texts written with them are split."""
    return bool(_CJK_RUN.match(word))


def compounds(folded: str) -> str:
    """The words of a folded text with signs in them, whole, with blanks between them."""
    # To look for a few signs takes a fraction of the time of a pattern, and most stand at the end of a word.
    signed: dict[int, str] = {}
    for sign in _SIGNS:
        at = folded.find(sign)
        while at >= 0:
            start = folded.rfind(" ", 0, at) + 1
            end = folded.find(" ", at)
            end = len(folded) if end < 0 else end
            if end > at + 1 or sign in _ENDINGS:
                signed[start] = folded[start:end]
            at = folded.find(sign, end)
    found = " ".join([signed[start] for start in sorted(signed)])
    return " ".join((_ASCII_COMPOUND if found.isascii() else _COMPOUND).findall(found))


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
    found = []
    for name in _WITHIN_NAMES.sub(" ", folded).split(NAME_GAP):
        if given := name.split():
            family = given.pop()
            found += [one[0] + family for one in given]
    return " ".join(found)
