"""Words of texts and queries: one spelling for what people and TeX write in many ways, and how it is split.

Texts and queries go through the same steps, so that they meet: `$\\ell_1$`, "ℓ₁" and "l1" are one word,
and so are "Erdős" and `Erd\\H{o}s`. A stem stands for all forms of a word (Porter's English stemmer);
a compound ("gpt-4", "c++", "k-means") is kept whole beside its parts.
"""

from __future__ import annotations

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

# Longer ones are data or damage, never a word somebody looks for.
LONGEST_WORD = 60

_TEX = re.compile(r"[\\$_^{}~]|--")
_ACCENT = re.compile(r"\\(?:[\"'`^~=.]|[cvuHkrdbt](?=[\s{]))\s*")
_STYLE = re.compile(
    r"\\(?:math[a-z]*|text[a-z]*|emph|bm|bf|it|rm|tt|sc|operatorname|mbox|hat|tilde|bar|left|right)(?![A-Za-z])"
)
_ELL = re.compile(r"\\?\bell(?=[_^{\s]*\d)")
_SCRIPT = re.compile(r"(?<=[^\W_])[_^]\{?([^\W_]{1,2})\}?(?![^\W_])")
_HYPHENS = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2212"), "-")
_GREEK = {
    code: name.rpartition(" ")[2].lower()
    for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA))
    if (name := unicodedata.name(chr(code), "")).startswith("GREEK ")
}
_SIGNS = _HYPHENS | _GREEK

STOP_WORDS = frozenset(
    """
    a about above after again against all also am among an and any are as at be because been before being below
    between both but by can cannot could did do does doing down during each either few for from further had has have
    having he her here hers him his how however i if in into is it its itself just like may me might more most much
    must my neither no nor not of off on once only onto or other our ours out over own per quite rather same shall she
    should since so some such than that the their theirs them then there these they this those though through thus to
    too toward towards under until up upon us very via was we were what when where whether which while who whom whose
    why will with within without would yet you your yours
    """.split()
)


def fold(text: str) -> str:
    """`text` in the one spelling that is indexed and searched: without TeX's signs, Greek letters by name."""
    if text.isascii() and not _TEX.search(text):
        return text
    text = _ELL.sub("l", _STYLE.sub("", _ACCENT.sub("", text)))
    text = text.replace("---", " - ").replace("--", "-").replace("$", "").replace("\\", " ")
    text = _SCRIPT.sub(r"\1", text).replace("{", "").replace("}", "").replace("~", " ")
    return unicodedata.normalize("NFKC", text).translate(_SIGNS)


def _analyzer(tokenizer: Tokenizer, *filters: Filter) -> TextAnalyzer:
    builder = TextAnalyzerBuilder(tokenizer)
    for one in (Filter.remove_long(LONGEST_WORD), Filter.lowercase(), Filter.ascii_fold(), *filters):
        builder = builder.filter(one)
    return builder.build()


STEMS = _analyzer(Tokenizer.simple(), Filter.stemmer("english"))
NAMES = _analyzer(Tokenizer.simple())
COMPOUNDS = _analyzer(Tokenizer.regex(r"[\p{L}\p{N}]+(?:[-.+#&][\p{L}\p{N}]+)+[+#*]*|[\p{L}\p{N}]+[+#*]+"))
# What the fields of the index are split with, by the name the index knows it by.
ANALYZERS = {"stems": STEMS, "names": NAMES, "compounds": COMPOUNDS}


def stems(text: str) -> list[str]:
    """The stems of all words of a text, in order."""
    return list(STEMS.analyze(fold(text)))


def content_stems(text: str) -> list[str]:
    """The stems that tell what a query is about; all of them if it has nothing but function words."""
    plain = NAMES.analyze(fold(text))
    telling = [word for word in plain if word not in STOP_WORDS]
    return list(STEMS.analyze(" ".join(telling or plain)))


def compounds(text: str) -> list[str]:
    """The compounds of a text, whole."""
    return list(COMPOUNDS.analyze(fold(text)))


def names(text: str) -> list[str]:
    """The words of a text as names of people are indexed: without accents, not stemmed."""
    return list(NAMES.analyze(fold(text)))
