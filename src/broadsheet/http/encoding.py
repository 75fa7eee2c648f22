"""What encodings of an answer a client takes."""

from __future__ import annotations


def accepts_gzip(header: str) -> bool:
    """Whether an Accept-Encoding header takes gzip: by its name, else by `*`, with a weight above 0.

    RFC 9110, section 12.5.3. A weight that is no number is taken for a refusal: plain is always understood.
    """
    weights = dict(map(_weighed, header.lower().split(",")))
    return weights.get("gzip", weights.get("x-gzip", weights.get("*", 0.0))) > 0


def _weighed(coding: str) -> tuple[str, float]:
    name, *parameters = (part.strip() for part in coding.split(";"))
    weight = next(
        (value for text in parameters for key, _, value in [text.partition("=")] if key.strip() == "q"), "1"
    )
    try:
        return name, float(weight)
    except ValueError:
        return name, 0.0
