r"""Units as the package siunitx names them: `\kilo\metre\per\second` is km/s."""

from __future__ import annotations

import re

_NAMES_OF_PREFIXES = """
    quecto:q ronto:r yocto:y zepto:z atto:a femto:f pico:p nano:n micro:µ milli:m centi:c deci:d deca:da
    hecto:h kilo:k mega:M giga:G tera:T peta:P exa:E zetta:Z yotta:Y ronna:R quetta:Q kibi:Ki mebi:Mi
    gibi:Gi tebi:Ti
"""
_NAMES_OF_UNITS = """
    ampere:A candela:cd gram:g kilogram:kg kelvin:K metre:m meter:m mole:mol second:s becquerel:Bq
    coulomb:C degreeCelsius:°C celsius:°C degree:° farad:F gray:Gy hertz:Hz henry:H joule:J katal:kat
    lumen:lm lux:lx newton:N ohm:Ω pascal:Pa radian:rad siemens:S sievert:Sv steradian:sr tesla:T volt:V
    watt:W weber:Wb astronomicalunit:au bel:B dalton:Da day:d decibel:dB electronvolt:eV hectare:ha
    hour:h litre:L liter:L minute:min arcminute:′ arcsecond:″ neper:Np tonne:t byte:B bit:bit percent:%
    parsec:pc angstrom:Å bar:bar km:km cm:cm mm:mm um:µm nm:nm kg:kg mg:mg Hz:Hz kHz:kHz MHz:MHz GHz:GHz
    ms:ms us:µs ns:ns eV:eV keV:keV MeV:MeV GeV:GeV TeV:TeV
"""
_PREFIXES = dict(pair.split(":") for pair in _NAMES_OF_PREFIXES.split())
_UNITS = dict(pair.split(":") for pair in _NAMES_OF_UNITS.split())
_POWERS = {"squared": "²", "cubed": "³"}
_BEFORE = {"square": "²", "cubic": "³"}
_TOKENS = re.compile(r"\\(?P<name>[A-Za-z]+)\s*|(?P<rest>[^\\]+|\\.?)")


def units(source: str) -> str:
    """The signs of units that are named or, as `km/h` is, written; a name that is not known stays a name."""
    words: list[str] = []
    prefix = power = per = ""
    for token in _TOKENS.finditer(source):
        name = token["name"]
        if name in _BEFORE:
            power = _BEFORE[name]
        elif name in _PREFIXES:
            prefix += _PREFIXES[name]
        elif name in _POWERS and words:
            words[-1] += _POWERS[name]
        elif name == "per":
            per = "/"
        elif sign := _UNITS.get(name, name) if name else token["rest"].strip("{}~ "):
            words.append(f"{per or ' '}{prefix}{sign}{power}")
            prefix = power = per = ""
    return "".join(words).strip()
