"""Nine papers, each findable by something the others lack."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from broadsheet.papers.identifiers import Identifier
from broadsheet.papers.record import AuthorName, OrganizationName, Record

MORNING = datetime(2026, 3, 2, tzinfo=UTC)

# Title, abstract, author; the place in the list, from 1, is the last figure of the arXiv identifier.
TEXTS = [
    ("Why Large Runs Blow Up", "Training divergence: the loss of a network spikes for good.", "Ada Lund"),
    ("A Zoo of f-Divergences", "We compare the Kullback--Leibler divergence and its kin.", "Bo Li"),
    (r"Sparse Recovery by $\ell_1$ Norms", "Lasso finds few non-zero weights.", r"Caf\'e Erd\H{o}s"),
    ("Epidemics on Graphs", "The reproduction number R0 decides whether an outbreak grows.", "Dana Øst"),
    ("Pointers and Pitfalls", "Undefined behaviour in C++ programs, found by a compiler.", "Ed Stone"),
    ("What GPT-4 Knows of Chess", "A language model plays chess and explains its moves.", "Fay Wong"),
    ("Q-Learning with Few Samples", "A reinforcement learning agent learns from few trials.", "Gil Berg"),
    ("Cells That Glow", "Fluorescent proteins show where a gene is read in a living cell.", "Hedda Ruiz"),
    ("Cooking for Robots", "A robot arm stirs a pot of soup and does not spill it.", "Ivan Petrov"),
]
TITLES = [title for title, _, _ in TEXTS]


def record(number: int, title: str, abstract: str, author: str = "Ada Lund") -> Record:
    return Record(
        source="arxiv",
        key=f"2603.{number:05}",
        title=title,
        abstract=abstract,
        authors=(AuthorName(author),),
        identifiers=(Identifier("arxiv", f"2603.{number:05}"),),
        organizations=(OrganizationName("kitchenlab", "Kitchen Lab"),) if number == 9 else (),
        published_at=MORNING + timedelta(days=number),
    )


def records() -> list[Record]:
    return [record(number, *texts) for number, texts in enumerate(TEXTS, start=1)]
