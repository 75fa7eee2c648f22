"""arXiv's identifiers in the spellings, file names and addresses that people and programs have for them.

Forms as arXiv documents them (https://info.arxiv.org/help/arxiv_identifier.html).
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote

from broadsheet.papers.patterns import lazy_pattern

_FLAGS = re.IGNORECASE | re.ASCII
SITE = r"(?:https?:)?(?://)?(?:[\w-]+\.)*"
_LAYERS = 3  # of quoting, where an address stands within another one

# The archives of the identifiers before April 2007; no other will ever have such identifiers. What begins as
# another one comes before it.
_ARCHIVES = (
    r"acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat|cs"
    r"|dg-ga|funct-an|gr-qc|hep-(?:ex|lat|ph|th)|math-ph|math|mtrl-th|nlin|nucl-(?:ex|th)|patt-sol|physics"
    r"|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_ARCHIVE = lazy_pattern(rf"(?P<archive>{_ARCHIVES})(?:\.[a-z-]{{2,}})?", _FLAGS)
# Year and month, then a number: from April 2007 on, and from 1991 until then. The last year is 2049, far
# enough away: what looks like a later one is another number.
_MONTH = r"(?:0[1-9]|1[0-2])"
_MONTH_UNTIL_2014 = rf"(?!070[1-3])(?:0[7-9]|1[0-4]){_MONTH}"
_MONTH_SINCE_2015 = rf"(?:1[5-9]|[2-4]\d){_MONTH}"
_MONTH_SINCE_2007 = rf"(?:{_MONTH_UNTIL_2014}|{_MONTH_SINCE_2015})"
_NUMBER = rf"(?:{_MONTH_UNTIL_2014}\.\d{{4}}|{_MONTH_SINCE_2015}\.\d{{5}})(?!\d)"
_NUMBER_BEFORE_2007 = rf"(?:(?:9[1-9]|0[0-6]){_MONTH}|070[1-3])\d{{3}}"
_PLAIN = lazy_pattern(_NUMBER, re.ASCII)
# Names of files have no slash, and some no hyphen.
_ARCHIVES_IN_IDS = _ARCHIVES.replace("-", "[-_]")
_ID = (
    rf"(?P<id>{_NUMBER}|(?P<archive>{_ARCHIVES_IN_IDS})(?:[.-][a-z-]{{2,}})?\s?[\s:/_-]?\s?(?P<number>{_NUMBER_BEFORE_2007}))"
    r"(?:\s?v[1-9]\d*)?(?:(?:\s?\(\d\d?\))?\.pdf)?"
)
# `arXiv preprint arXiv:2401.00001 [cs.CL], 2024`, `abs/2401.00001`, `oai:arXiv.org:2401.00001`, as reference
# managers, Google Scholar, DBLP, OAI and the margin of the paper itself have them.
_BARE = lazy_pattern(
    r"(?:(?:arxiv(?:\.org)?|corr|oai|info|urn|lanl|id(?:entifier)?|arxivid|no|number|e-?prints?|preprint|10\.48550/arxiv"
    rf"|/?(?:abs|html|pdf)/|(?:{_ARCHIVES})(?:\.[a-z-]{{2,}})?/(?=\d{{4}}\.))[\s:.,={{/#_(\[\"-]*)*"
    rf"{_ID}[)\]}}]?(?:\s{{0,9}}[\[(][\w.,;\s-]{{1,99}}[\])])?"
    r"(?:[,.;\s]{1,9}\(?(?:\d\d?\s[a-z]{3,9}\s)?\d{4}\)?)?",
    _FLAGS,
)
_HOST = (
    rf"{SITE}(?:(?:arxiv|alphaxiv|ar5iv)[.-]org(?:\.[\w-]+)*|(?:xxx|arxiv)\.lanl\.gov|xxx\.itp\.ac\.cn)"
    r"(?::\d+)?/"
)
_ADDRESS = lazy_pattern(rf"{_HOST}/*(?:[\w.-]+/)*?(?:arxiv:)?{_ID}(?:[/.&;]\S*)?", _FLAGS)
_QUERY = lazy_pattern(rf"{_HOST}[\w/-]*\?\S*", _FLAGS)
# Mirrors of the nineties kept a file for each, by months.
_FILE = lazy_pattern(
    rf"\S+/(?P<archive>{_ARCHIVES})/\w+/(?P<month>\d{{4}})/(?=(?P=month))(?P<number>{_NUMBER_BEFORE_2007})\S*",
    _FLAGS,
)
# What keeps or shows a page of arXiv has its address within its own.
_WITHIN = lazy_pattern(
    rf"https?:\S+?[/=:](?:https?:/+)?(?:[\w-]+\.)*arxiv\.org/(?:[\w.-]+/)*?(?:arxiv:)?{_ID}(?:[/&;#?]\S*)?",
    _FLAGS,
)
# `2024arXiv240100001V` in ADS, `journals/corr/abs-2401-00001` in DBLP.
_CLOSED_UP = lazy_pattern(
    rf"(?:\S*/)?(?:\d{{4}}arxiv|corr/abs-)(?P<month>{_MONTH_SINCE_2007})[.-]?(?P<number>\d{{4,5}})"
    r"[a-z]?(?:[./]\S*)?",
    _FLAGS,
)
# `1999hep.th....1001V` in ADS: the year, the archive, month and number without the zero before them.
_PADDED = lazy_pattern(
    rf"(?:\S*/)?(?:19|20)(?P<year>\d\d)(?P<archive>{_ARCHIVES.replace('-', '[.-]')})"
    r"\.*(?P<number>\d{4,5})[a-z.](?:/\S*)?",
    _FLAGS,
)
# The title of a page of arXiv: `[2401.00001] Tide Tables`; the first bracket is gone.
_TITLED = lazy_pattern(rf"{_ID}\]\s+\S.*", _FLAGS)
_ELSEWHERE = lazy_pattern(rf"\S+?[/=](?:arxiv[:/._-](?:abs/)?|corr/){_ID}(?:[/.&;]\S*)?", _FLAGS)
# Whose addresses may have an identifier of arXiv in their query.
_ASKS_FOR_PAPERS = lazy_pattern(r"arxiv|scholar|inspirehep|huggingface\.co|//hf\.co|[?&]id_list=", _FLAGS)


def is_plain(text: str) -> bool:
    """True for a number such as `2401.00001`, and nothing around it."""
    return bool(_PLAIN.fullmatch(text))


def archive_of(category: str) -> str:
    """The archive whose identifiers are like `math/0309136`, of a category like `math.GT`; empty if none."""
    found = _ARCHIVE.fullmatch(category)
    return found["archive"].lower() if found else ""


def value_in(text: str) -> str:
    """The identifier that a clean text is, or that is in it if it is an address; else empty."""
    path = path_of(text)
    if closed_up := _CLOSED_UP.fullmatch(path):
        return f"{closed_up['month']}.{closed_up['number']}"
    if padded := _PADDED.fullmatch(path):
        text = f"{padded['archive'].replace('.', '-')}/{padded['year']}{padded['number']:0>5}"
    if file := _FILE.fullmatch(path):
        return f"{file['archive'].lower()}/{file['number']}"
    found = (
        _BARE.fullmatch(text)
        or _ADDRESS.fullmatch(path)
        or _ELSEWHERE.fullmatch(path)
        or _WITHIN.fullmatch(_unquoted(text))
        or _TITLED.fullmatch(text)
    )
    return _value(found) if found else _in_query(text)


def is_address(url: str) -> bool:
    """True for an address at arXiv or at what shows its papers."""
    return bool(_ADDRESS.fullmatch(path_of(url)) or _QUERY.fullmatch(url))


def path_of(address: str) -> str:
    """The address without query and fragment, and what is quoted in it read."""
    return unquote(re.split(r"[?#]", address, maxsplit=1)[0])


def _value(found: re.Match[str]) -> str:
    archive = found["archive"]
    return f"{archive.lower().replace('_', '-')}/{found['number']}" if archive else found["id"]


def _unquoted(text: str) -> str:
    for _ in range(_LAYERS):
        text = unquote(text)
    return text


def _in_query(text: str) -> str:
    """The one identifier that is asked for in the query of an address."""
    address, sign, query = text.partition("?")
    if not sign or "/" not in address or not _ASKS_FOR_PAPERS.search(text):
        return ""
    asked = (_BARE.fullmatch(value.strip()) for _, value in parse_qsl(query.partition("#")[0]))
    values = {_value(found) for found in asked if found}
    return values.pop() if len(values) == 1 else ""
