"""Senses of a query: the clearly different groups that its results fall into, named by their own words.

What stands beside a word tells in which sense it is used: "optical flow", "flow matching". A word beside
those of the query is the mark of a sense if the papers that use it so are more alike in meaning than papers
taken at random; words whose papers are alike mark one sense. Papers without any such word join the sense that
they are close to, or none. With fewer than two senses there are none. The same results always give the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from broadsheet.search.collocations import Texts, Use
from broadsheet.search.word_index.words import content_stems, fold

Floats = NDArray[np.float32]

# A longer query says itself which sense is meant.
MOST_WORDS = 2
# With fewer papers that have all its words, a query is narrow already.
ENOUGH = 24
# The least papers that use a word so, and their largest share: what nearly all do tells none apart.
LEAST_PAPERS, MOST_SHARE = 4, 0.6
# How many standard errors their likeness lies above that of as many papers taken at random.
CLEAR = 3.0
# The cosine from which the middles of two groups are one sense, and a paper belongs to a middle.
ALIKE, CLOSE = 0.5, 0.3
# The senses offered, the share of the papers they must have together, and the words that name one.
MOST_SENSES, LEAST_SHARE, TERMS = 4, 0.25, 2


@dataclass(frozen=True, slots=True)
class Sense:
    """A group of the results, best first, and one or two phrases of theirs. Groups may share papers."""

    name: str
    papers: tuple[int, ...]


def is_short(query: str) -> bool:
    """True if the query is so short that it may have several senses."""
    return 0 < len(set(content_stems(fold(query)))) <= MOST_WORDS


def find(
    papers: Sequence[int], vectors: Floats, texts: Sequence[tuple[str, str]], *, query: str
) -> tuple[Sense, ...]:
    """The senses that the papers, best first, fall into, the largest first; none where they do not differ.

    Of each paper: its vector, a row of `vectors`, and its title and abstract.
    """
    if not is_short(query):
        return ()
    read = Texts(
        [fold(f"{abstract} . {title}") for title, abstract in texts], set(content_stems(fold(query)))
    )
    if read.complete() < ENOUGH:
        return ()
    marks = [uses for uses in read.beside() if LEAST_PAPERS <= _papers(uses) <= MOST_SHARE * len(papers)]
    senses = [
        Sense(_name(read, [marks[row] for row in group]), tuple(papers[place] for place in places))
        for group, places in _split(marks, _cosines(vectors))
    ]
    return tuple(sorted(senses, key=lambda sense: (-len(sense.papers), sense.name)))


def _split(marks: Sequence[Sequence[Use]], cosines: Floats) -> list[tuple[list[int], list[int]]]:
    """For each sense, which marks it has, and the places of its papers; nothing where there are not two."""
    having = np.zeros((len(marks), len(cosines)), np.float32)
    for row, uses in enumerate(marks):
        having[row, [text for text, _, _ in uses]] = 1
    groups = _groups(having, cosines)[:MOST_SENSES]
    if len(groups) <= 1:
        return []
    members = _with_close(np.array([having[group].max(axis=0) for group in groups]), cosines)
    if members.any(axis=0).sum() < LEAST_SHARE * len(cosines):
        return []
    return [(group, np.flatnonzero(has).tolist()) for group, has in zip(groups, members, strict=True)]


def _papers(uses: Sequence[Use]) -> int:
    return len({text for text, _, _ in uses})


def _cosines(vectors: Floats) -> Floats:
    # Vectors of one model lie in a narrow cone; seen from its middle, their directions differ.
    centred = vectors - vectors.mean(axis=0)
    directions = centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), np.float32(1e-9))
    cosines: Floats = directions @ directions.T
    return cosines


def _groups(having: Floats, cosines: Floats) -> list[list[int]]:
    """The marks whose papers are clearly alike, those of one sense together, the clearest first.

    `having` has a row for each mark, with 1 for each paper that has it.
    """
    to_each = np.einsum("kp,pq->kq", having, cosines)
    between = np.einsum("kp,jp->kj", to_each, having)
    sizes, within = having.sum(axis=1), between.diagonal()
    pairs = sizes * (sizes - 1) / 2
    everywhere = cosines[np.triu_indices(len(cosines), 1)]
    above = (within - sizes) / (2 * pairs) - everywhere.mean()
    clear = above * np.sqrt(pairs) / max(everywhere.std(), 1e-9)
    alike = between / np.sqrt(np.maximum(np.outer(within, within), 1e-9))
    groups: list[list[int]] = []
    for row in np.argsort(-clear, kind="stable").tolist():
        if clear[row] < CLEAR:
            break
        nearest = max(groups, key=lambda group: alike[row, group[0]], default=[row])
        if nearest[0] != row and alike[row, nearest[0]] >= ALIKE:
            nearest.append(row)
        else:
            groups.append([row])
    return groups


def _with_close(having: Floats, cosines: Floats) -> NDArray[np.bool_]:
    """Which papers each group has, and those of no group that are close to its middle."""
    to_each = np.einsum("kp,pq->kq", having, cosines)
    lengths = np.sqrt(np.einsum("kp,kp->k", to_each, having))
    closeness = to_each / lengths[:, None]
    members = having > 0
    joining = np.flatnonzero(~members.any(axis=0) & (closeness.max(axis=0) >= CLOSE))
    members[closeness[:, joining].argmax(axis=0), joining] = True
    return members


def _name(read: Texts, marks: Sequence[Sequence[Use]]) -> str:
    """The phrases that most papers have, none of them part of another."""
    terms: list[str] = []
    for uses in sorted(marks, key=_papers, reverse=True):
        term = read.name(uses)
        if not any(term.lower() in other.lower() or other.lower() in term.lower() for other in terms):
            terms.append(term)
        if len(terms) == TERMS:
            break
    return ", ".join(terms)
