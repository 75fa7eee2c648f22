"""TeX maths as MathML, made by latex2mathml and let through element by element.

The library's own text output undoes its escaping, so only its tree is used. What a formula may make
is listed here: presentation elements of MathML Core (https://www.w3.org/TR/mathml-core/) and a few
harmless attributes. A formula that makes anything else is not shown as maths.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from xml.etree.ElementTree import Element

from latex2mathml import exceptions
from latex2mathml.converter import convert_to_element
from markupsafe import Markup, escape

from broadsheet.papers.tex.formulas import without_hairs

_ELEMENTS = frozenset(
    [
        "math",
        "mrow",
        "mi",
        "mn",
        "mo",
        "mtext",
        "mspace",
        "msub",
        "msup",
        "msubsup",
        "munder",
        "mover",
        "munderover",
        "mfrac",
        "msqrt",
        "mroot",
        "mstyle",
        "mpadded",
        "mphantom",
        "mtable",
        "mtr",
        "mtd",
    ]
)
_PARTS = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
_ATTRIBUTES = {
    "accent": r"true|false",
    "accentunder": r"true|false",
    "displaystyle": r"true|false",
    "fence": r"true|false",
    "form": r"prefix|infix|postfix",
    "largeop": r"true|false",
    "linethickness": r"0",
    "lspace": r"-?[01]?(\.\d+)?em",
    "mathvariant": r"normal",
    "maxsize": r"[0-4]?(\.\d+)?em",
    "minsize": r"[0-4]?(\.\d+)?em",
    "movablelimits": r"true|false",
    "rspace": r"-?[01]?(\.\d+)?em",
    "scriptlevel": r"[+-]?[0-2]",
    "separator": r"true|false",
    "stretchy": r"true|false",
    "width": r"-?[0-2]?(\.\d+)?em|0",
}
_ALLOWED = {name: re.compile(values) for name, values in _ATTRIBUTES.items()}

# Commands that define others could grow without end; the rest would draw what readers can't check.
_REFUSED = re.compile(
    r"\\(?:def|[gex]def|let|(?:re)?newcommand|providecommand|DeclareMathOperator|newenvironment|require|"
    r"href|url|class|style|verb|label|tag|rule|raise|lower|(?:m|h|v)?(?:skip|space|kern)|kern)(?![A-Za-z])"
)
# What authors write and MathJax forgives, and what they mean by it.
_HABITS = (
    (re.compile(r"(?<!\\)((?:\\\\)*)%"), r"\1\\%"),  # to TeX the rest of the line would be a comment
    (re.compile(r"([_^])\s*\\(rm|bf|it|sf|tt)\s*\{([^{}]*)\}"), r"\1{\\math\2{\3}}"),
    (re.compile(r"\\rm\s*(?=[\^_])"), r"\\rm {}"),
    (re.compile(r"\\arg\s*\\(max|min)(?![A-Za-z])"), r"\\arg\1"),
)
_FAILURES: tuple[type[Exception], ...] = (
    *(
        error
        for error in vars(exceptions).values()
        if isinstance(error, type) and issubclass(error, Exception)
    ),
    ArithmeticError,
    AttributeError,
    LookupError,
    RuntimeError,
    StopIteration,
    TypeError,
    ValueError,
)
_CODE = re.compile(r"&#x([0-9A-Fa-f]{2,6});")
_OPERATORS = (",", ";", ":")
_FUNCTION = re.compile(
    r"arc(?:cos|sin|tan)|arg(?:max|min)?|(?:cos|cot|sin|tan)h?|csc|sec|deg|det|dim|exp|gcd|hom|inf|ker|lg|"
    r"lim(?:inf|sup)?|ln|log|max|min|Pr|sup"
)
_RELATIONS = frozenset("=<>≤≥≦≧≠≡≈≃≅≍∼∽≪≫≲≳∝→←↔⇒⇐⇔↦∈∉∋⊂⊃⊆⊇≺≻⊢⊨∣")
_BEFORE_SIGN = _RELATIONS | frozenset("+−±∓×⋅*/,;:([{⟨|∧∨")
_SIGNS = frozenset("+−-±∓")
_SCRIPTED = ("msub", "msup", "msubsup", "munder")
_THIN_SPACE = "0.17em"
# MathML Core knows no variants but `normal`: letters of other alphabets are characters of their own.
_ALPHABETS = {
    "bold": "BOLD",
    "bold-fraktur": "BOLD FRAKTUR",
    "bold-italic": "BOLD ITALIC",
    "bold-sans-serif": "SANS-SERIF BOLD",
    "bold-script": "BOLD SCRIPT",
    "double-struck": "DOUBLE-STRUCK",
    "fraktur": "FRAKTUR",
    "italic": "ITALIC",
    "monospace": "MONOSPACE",
    "sans-serif": "SANS-SERIF",
    "script": "SCRIPT",
}


class _UntrustedError(ValueError):
    """The formula makes something that is not on the list."""


@lru_cache(maxsize=8192)
def mathml(source: str) -> Markup | None:
    """The `<math>` element of a TeX formula (without its dollars); None where it can't be trusted.

    An unknown command, a broken formula, a link or a definition in it: then the caller shows text.
    """
    source = without_hairs(source)
    if _REFUSED.search(source):
        return None
    for pattern, meant in _HABITS:
        source = pattern.sub(meant, source)
    try:
        tree = convert_to_element(source)
        _tidy(tree)
        # All text and attributes are escaped or listed in `_written`.
        return Markup(_written(tree))  # noqa: S704
    except _FAILURES:
        return None


def _tidy(element: Element) -> None:
    """Undo what the library does for old browsers, innermost first."""
    for child in element:
        _tidy(child)
    element.text = _CODE.sub(lambda code: _character(code[1]), element.text or "")
    alphabet = element.get("mathvariant", "normal")
    if alphabet in _ALPHABETS and element.tag in ("mi", "mn"):
        element.text = "".join(_in_alphabet(character, _ALPHABETS[alphabet]) for character in element.text)
    if element.text == "~" and element.tag == "mi":
        element.text = "∼"
    if element.tag == "mi" and (
        element.text in _OPERATORS or unicodedata.category(element.text[-1:] or "x") == "Sm"
    ):
        element.tag = "mo"
    if element.tag == "mi" and "Α" <= element.text <= "Ω":  # TeX sets Greek capitals upright
        element.set("mathvariant", "normal")
    element[:] = _joined(list(element)) if element.tag in ("math", "mrow") else map(_only, element)


def _character(code: str) -> str:
    character = chr(int(code, 16))
    return character if character.isprintable() else "\u00a0"


def _only(child: Element) -> Element:
    """A row of one is that one."""
    return child[0] if child.tag == "mrow" and len(child) == 1 else child


def _in_alphabet(character: str, alphabet: str) -> str:
    name = unicodedata.name(character, "").replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "")
    for prefix in ("MATHEMATICAL ", ""):
        try:
            return unicodedata.lookup(f"{prefix}{alphabet} {name}")
        except KeyError:
            continue
    return character


def _joined(children: list[Element]) -> list[Element]:
    joined: list[Element] = []
    for child in children:
        if joined and _absorbed(joined[-1], child):
            continue
        only = _only(child)
        if joined and _is_apart(joined[-1], only):
            joined.append(Element("mspace", width=_THIN_SPACE))
        joined.append(only)
    _space_signs(joined)
    return joined


def _space_signs(row: list[Element]) -> None:
    """Space in a row as TeX has it: none beside a slash or a last sign, nor before a first relation."""
    before = ""
    for place, element in enumerate(row):
        text = (element.text or "") if element.tag == "mo" else ""
        is_last = 0 < place == len(row) - 1
        if text == "/" or (text in _SIGNS and is_last):
            element.set("lspace", "0em")
            element.set("rspace", "0em")
        elif text in _RELATIONS and place == 0 and len(row) > 1:
            element.set("lspace", "0em")
            element.set("rspace", _THIN_SPACE)
        elif text in _SIGNS and before in _BEFORE_SIGN and place > 0:
            element.set("form", "prefix")
        before = text


def _is_apart(last: Element, child: Element) -> bool:
    """TeX sets a thin space between a function's name and a letter or number beside it (TeXbook, ch. 18)."""
    return (_is_function(last) or _is_function(child)) and not {"mo", "mspace"} & {last.tag, child.tag}


def _is_function(element: Element) -> bool:
    named = element[0] if element.tag in _SCRIPTED and len(element) else element
    return named.tag == "mi" and _FUNCTION.fullmatch(named.text or "") is not None


def _absorbed(last: Element, child: Element) -> bool:
    """Whether `child` became part of the one before: letters of an upright word, `10{,}000`."""
    is_letter = _is_upright(last) and _is_upright(child)
    is_comma = last.tag == "mn" and child.tag == "mrow" and [part.text for part in child] == [","]
    is_rest = last.tag == child.tag == "mn" and (last.text or "").endswith(",")
    if is_letter or is_comma or is_rest:
        last.text = f"{last.text}{',' if is_comma else child.text}"
        return True
    return False


def _is_upright(element: Element) -> bool:
    return element.tag == "mi" and element.get("mathvariant") == "normal" and (element.text or "").isalpha()


def _written(element: Element) -> str:
    if element.tag not in _ELEMENTS or "\\" in (element.text or ""):
        raise _UntrustedError(element.tag)
    if len(element) != _PARTS.get(element.tag, len(element)):
        raise _UntrustedError(f"{element.tag} of {len(element)} parts")
    attributes = "".join(
        f' {name}="{value}"'
        for name, value in element.items()
        if name in _ALLOWED and _ALLOWED[name].fullmatch(value)
    )
    content = str(escape(element.text or "")) + "".join(_written(child) for child in element)
    return f"<{element.tag}{attributes}>{content}</{element.tag}>"
