r"""TeX commands in running text: styles, citations, links, notes, and names of signs.

A command with its backslash, `\emph{x}`, asks the reader for what follows it. Commands that nobody
but the paper's authors know stay as they are, with their arguments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from broadsheet.papers.tex.links import address
from broadsheet.papers.tex.marks import Address, Code, Script, Tag
from broadsheet.papers.tex.symbols import LETTERS, symbol
from broadsheet.papers.tex.units import units

if TYPE_CHECKING:
    from broadsheet.papers.tex.reader import Reader

# Commands that set their argument in a style; the page has no style for those under None.
_ARGUMENT_STYLES = (
    ("em", "emph mkbibemph mkbibitalic textit textsl"),
    ("strong", "mkbibbold textbf"),
    ("code", "texttt"),
    (None, "text textmd textnormal textrm textsc textsf textup uline underline"),
    (None, "MakeCapital MakeLowercase MakeSentenceCase MakeUppercase NoCaseChange autocap mkbibacro"),
    (None, "sout textlf texttitlecase uppercase lowercase"),
    (None, "ensuremath fbox hbox hl mbox operatorname"),
    (None, "Gls ac acf acl acrfull acrlong acrshort acs gls glsxtrshort"),
    (None, "textgreek textlatin textls textcyrillic textcyr ce num"),
    (None, "mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt"),
)
# Commands that hold to the end of their group.
_GROUP_STYLES = (
    ("em", "em it itshape sl"),
    ("strong", "bf bfseries"),
    ("code", "tt ttfamily"),
    (None, "footnotesize large Large normalsize rm sc scshape sf small tiny"),
    (None, "mdseries normalfont rmfamily selectfont sffamily upshape"),
)
_STYLES = {name: style for style, names in _ARGUMENT_STYLES for name in names.split()}
_SWITCHES = {name: style for style, names in _GROUP_STYLES for name in names.split()}
_UNSEEN = (
    "allowbreak boldmath centering displaystyle footnotemark ignorespaces noindent nolinebreak null "
    "protect relax smallskip unboldmath unskip"
)
_SILENT = frozenset(_UNSEEN.split())
# What parts two words.
_ROOM = frozenset({"hspace", "linebreak", "newline", "par", "vspace"})
_LENGTHS = {"hskip": " ", "kern": ""}
# Commands whose argument only takes up room, or only says how to sort, set or find.
_UNSEEN_ARGUMENTS = (
    *("SortNoop", "fontencoding", "fontfamily", "hphantom", "index", "label", "noopsort", "phantom"),
    *("selectlanguage", "sortnoop", "thanks", "todo", "vphantom"),
)
# What csquotes, BibLaTeX and glossaries write around an argument.
_AROUND = {
    **dict.fromkeys(("brackettext", "mkbibbrackets"), ("[", "]")),
    **dict.fromkeys(("Glspl", "acp", "glspl"), ("", "s")),
    **dict.fromkeys(("mkbibparens", "parentext"), ("(", ")")),
    **dict.fromkeys(("enquote", "mkbibquote", "textquote"), ("“", "”")),
}
_CITATIONS = ("cite", "citealp", "citealt", "citep", "citet", "parencite", "textcite")
# Of these it is the second one that is shown.
TWO_ARGUMENTS = (
    *("color", "colorbox", "foreignlanguage", "hyperlink", "hypertarget", "raisebox", "scalebox"),
    *("texorpdfstring", "textcolor"),
)
_WITH_ARGUMENTS = frozenset(
    (*TWO_ARGUMENTS, *_AROUND, *_UNSEEN_ARGUMENTS, "footnote", "href", "textsubscript", "textsuperscript")
) | {"nolinkurl", "path", "unicode", "url"}
# Signs of texts: TeX takes the blank behind such a command for its end. Of those that stand in formulas, and
# of words, authors mean to keep it.
_SIGNS_OF_TEXTS = """
    P S copyright dag ddag euro flq flqq frq frqq glq glqq grq grqq guillemetleft guillemetright
    guillemotleft guillemotright guilsinglleft guilsinglright lbrack lq og pounds quotedblbase
    quotesinglbase rbrack rq slash
"""
_SIGNS = frozenset(_SIGNS_OF_TEXTS.split())

# Of these commands the last argument is a unit, after so many numbers.
_QUANTITIES = {"SI": 1, "SIrange": 2, "qty": 1, "qtyrange": 2, "si": 0, "unit": 0}
_WITH_OPTIONS = frozenset((*TWO_ARGUMENTS, *_QUANTITIES, "footnotemark", "linebreak", "todo"))
# Units that stand close to the number.
_CLOSE = frozenset({"%", "°", "′", "″"})
_VERBATIM = frozenset({"lstinline", "verb"})
_AROUND_TEXTS = frozenset({"begin", "end"})
_BETWEEN_SIGNS = re.compile(r"(?:\[[^][]{0,99}\])?(?P<sign>[^\w\s\\*{}])(?P<code>.{1,200}?)(?P=sign)")
# Environments that only say how a text is set.
_ENVIRONMENT = re.compile(
    r"\s*\{(?:otherlanguage\*?\}(?:\s*\[[^][]{0,99}\])?(?:\s*\{[a-z]{2,30}\})?|(?:center|quotation|quote|small)\})\s*"
)
EMPTY_GROUP = re.compile(r"\{\}")
_LENGTH = re.compile(r"\s*[-+]?[\d.]+\s*(?:em|ex|in|pt|[cm]m|mu)")
_BLANKS = re.compile(r"\s+")
_AFTER_SILENCE = re.compile(r"\{\}|\s+")
_OPTIONS = re.compile(r"(?:\s*\[[^][{}]{0,200}\])+")
_MARKUP = re.compile(r"[\\$]")
_LONGEST_LABEL = 500


def is_known(name: str) -> bool:
    """Whether a group that begins with this command is a group for TeX and not for readers."""
    return any(name in known for known in (_SWITCHES, _STYLES, _WITH_ARGUMENTS, _SILENT, _ROOM))


def run(reader: Reader, name: str, start: int) -> str:
    """What the command `name`, which began at `start`, shows."""
    if name in _WITH_OPTIONS:
        reader.skip(_OPTIONS)
    if (shown := _layout(reader, name)) is None:
        shown = _set_apart(reader, name)
    if shown is not None:
        return shown
    if name in _SWITCHES or name in _STYLES:
        return _style(reader, name, start)
    if name in _CITATIONS:
        return _citation(reader, name)
    if name in _AROUND and reader.has_group():
        return _around(reader, name, start)
    if name in _WITH_ARGUMENTS and reader.has_group():
        return _with_arguments(reader, name)
    return _sign(reader, name)


def _layout(reader: Reader, name: str) -> str | None:
    """What is left of a command that only sets what is beside it; None for any other command."""
    if name in _SILENT:
        reader.skip(_AFTER_SILENCE)
        return ""
    if name in _LENGTHS:
        reader.skip(_LENGTH)
        return _LENGTHS[name]
    if name in _ROOM:
        if name.endswith("space") and reader.has_group():
            reader.argument()
        reader.skip(EMPTY_GROUP)
        return " "
    return "" if name == "xspace" else None  # the blank behind `\xspace` is kept


def _style(reader: Reader, name: str, start: int) -> str:
    is_switch = name in _SWITCHES
    style = _SWITCHES[name] if is_switch else _STYLES[name]
    # `\bf{word}` is meant as `\textbf{word}`, and `{\emph word}` as `{\em word}`.
    if reader.has_group() and (not is_switch or reader.text.startswith("{", reader.at)):
        return _styled(reader, style)
    if is_switch or reader.text[start - 1 : start] == "{":
        reader.skip(_BLANKS)
        # Outside a group it would hold to the end of the text, which nobody has meant.
        shown = _switch(reader, style) if reader.groups and style else ""
        is_before_group = reader.text.startswith("{", reader.at) and reader.has_group()
        return reader.enter(shown) if is_before_group else shown
    return f"\\{name}"


def _switch(reader: Reader, style: str) -> str:
    group = reader.groups[-1]
    group.closing = reader.marked.put(Tag(style, ends=True)) + group.closing
    return reader.marked.put(Tag(style))


def _styled(reader: Reader, style: str | None) -> str:
    if style is None:
        return reader.enter()
    if style == "code":
        here = reader.at
        code = reader.argument()
        if not _MARKUP.search(code):
            return code if address(code) else reader.marked.put(Code(code))
        reader.at = here
    return reader.enter(reader.marked.put(Tag(style)), reader.marked.put(Tag(style, ends=True)))


def _with_arguments(reader: Reader, name: str) -> str:
    match name:
        case "href":
            return _href(reader)
        case "url" | "nolinkurl" | "path":
            return _link(reader, reader.argument())
        case "footnote":
            return reader.enter(" (", ")")
        case "unicode":
            return code_point(reader.argument())
        case "textsuperscript" | "textsubscript":
            return reader.marked.put(Script(name[4:7], reader.plain(reader.argument()[:_LONGEST_LABEL])))
        case _:  # of `\textcolor{red}{text}` what comes second is text, of `\vphantom{x}` nothing
            reader.argument()
            return reader.enter() if name in TWO_ARGUMENTS and reader.has_group() else ""


def _set_apart(reader: Reader, name: str) -> str | None:
    """What is shown of a quantity, of code between two signs, of an environment; None for others."""
    if name in _QUANTITIES and reader.has_group():
        return _quantity(reader, _QUANTITIES[name])
    pattern = _BETWEEN_SIGNS if name in _VERBATIM else _ENVIRONMENT if name in _AROUND_TEXTS else None
    found = pattern and pattern.match(reader.text, reader.at)
    if not found:
        return None
    reader.at = found.end()
    return reader.marked.put(Code(found["code"])) if name in _VERBATIM else ""


def _quantity(reader: Reader, numbers: int) -> str:
    r"""Numbers with their unit: `\SI{5}{\kilo\metre}` is 5 km, and a number alone is one."""
    groups = [reader.argument()]
    while len(groups) <= numbers and reader.has_group():
        groups.append(reader.argument())
    if len(groups) <= numbers:
        return "–".join(map(reader.plain, groups))
    values = "–".join(map(reader.plain, groups[:-1]))
    unit = units(groups[-1])
    return f"{values}{'' if unit in _CLOSE else chr(0xA0)}{unit}" if values else unit


def _around(reader: Reader, name: str, start: int) -> str:
    """The argument in brackets or quotes; a quotation with a star, or within another, in single ones."""
    opening, closing = _AROUND[name]
    is_inner = reader.text.startswith(f"{name}*", start + 1)
    if opening == "“" and (is_inner or any(group.closing == "”" for group in reader.groups)):
        opening, closing = "‘", "’"
    return reader.enter(opening, closing)


def _href(reader: Reader) -> str:
    first = reader.argument()
    if not reader.has_group():
        return _link(reader, first)
    second = reader.argument()
    url = address(_without_escapes(first))
    if url is None and (url := address(_without_escapes(second))):
        second = first
    label = reader.plain(second[:_LONGEST_LABEL])
    return reader.marked.put(Address(url, label or url)) if url else label


def _link(reader: Reader, source: str) -> str:
    shown = _without_escapes(source)
    url = address(shown)
    return reader.marked.put(Address(url, shown)) if url else shown


def _without_escapes(url: str) -> str:
    r"""The address that TeX would print: `a\_b`, `a{\_}b` and `a\%20b` lose their backslashes."""
    return re.sub(r"\{?\\([_%#&~$])(?:\{\})?\}?", r"\1", url).replace(r"\textasciitilde{}", "~").strip()


def code_point(argument: str) -> str:
    r"""The character that `\unicode{argument}` names, in MathJax's way to write it."""
    code = re.fullmatch(r"0?x([0-9A-Fa-f]{2,5})|(\d{2,6})", argument)
    if not code:
        return f"\\unicode{{{argument}}}"
    character = chr(int(code[1], 16) if code[1] else int(code[2]))
    return character if character.isprintable() else " "


def _citation(reader: Reader, name: str) -> str:
    reader.skip(_OPTIONS)
    return f"[{reader.argument()}]" if reader.has_group() else f"\\{name}"


def _sign(reader: Reader, name: str) -> str:
    if reader.text.startswith("{", reader.at) and reader.has_group():
        if len(name) == 1 and (greek := _mangled(reader, name)):
            return greek
        if symbol(name) is None and not EMPTY_GROUP.match(reader.text, reader.at):
            return reader.enter(f"\\{name}{{", "}")
    is_ended = reader.skip(EMPTY_GROUP)
    prints = symbol(name)
    if name in LETTERS or (prints and not is_ended and (name in _SIGNS or name.startswith("text"))):
        reader.skip(_BLANKS)
    if prints is None:
        return f"\\{name}"
    # In `Core\textendash{Shell}` the braces end the name of the command.
    is_beside_group = reader.text.startswith("{", reader.at) and reader.has_group()
    return reader.enter(prints) if is_beside_group else prints


def _mangled(reader: Reader, name: str) -> str | None:
    r"""In arXiv's data a pasted β is `\b{eta}`, κ is `\k{appa}`."""
    here = reader.at
    prints = symbol(name + reader.argument()[:12])
    if prints is None:
        reader.at = here
    return prints
