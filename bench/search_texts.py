"""Papers and questions to measure search with: real texts, repeated with changes until there are enough."""

from __future__ import annotations

import gzip
import itertools
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

# Of a repeated text, one word in so many is replaced by one from another text.
REPLACED = 8
# Of the words put in, one in so many is new: real archives keep growing words, too.
NEW = 20

KEYWORDS = (
    "graph neural networks",
    "federated learning privacy",
    "speech recognition",
    "protein folding",
    "contrastive learning",
    "gaussian splatting",
    "reward hacking",
    "quantum error correction",
    "R0",
    "GPT-4",
    "Q-learning",
    "dark matter halo",
    "knowledge distillation",
    "adversarial examples",
    "topological insulators",
    "neural radiance fields",
    "chain of thought",
    "time series forecasting",
    "mixture of experts",
    "causal inference",
    "lattice QCD",
    "image segmentation",
    "training divergence",
    "diffusion",
    "low-rank adaptation",
    "robot grasping",
    "sparse attention",
    "sentiment analysis",
    "black hole mergers",
    "tokenization",
)
SENTENCES = (
    "how can a language model be kept from making things up",
    "which methods make large models small enough for a phone",
    "why does the loss suddenly blow up while a network is trained",
    "does training on generated text make models worse over time",
    "ways to tell whether an image was made by a machine",
    "how do robots learn to fold clothes from a few demonstrations",
    "what do we know about the first stars and galaxies",
    "predicting the weather with neural networks instead of physics",
    "can a model explain its decisions to a doctor",
    "learning from labels that are partly wrong",
    "how fast do infectious diseases spread in networks of people",
    "making recommender systems fair to small providers",
    "search engines that understand what a question means",
    "finding bugs in programs with language models",
    "cars that drive themselves in rain and snow",
    "lower bounds for the number of queries an algorithm needs",
    "new materials for batteries found by machine learning",
    "what happens inside a transformer when it answers a question",
    "translation between languages that have little written text",
    "how to compare two probability distributions from samples",
    "protecting the privacy of patients whose data train a model",
    "video generation that obeys the laws of physics",
    "agents that use tools and browse the web to solve tasks",
    "teaching computers to read tables and charts in documents",
    "stability of orbits of planets around two stars",
    "how much electricity is used to train neural networks",
    "reinforcement learning when rewards come late and seldom",
    "recognizing emotions in spoken language across cultures",
    "compressing videos with learned representations",
    "tests that measure whether models can reason about mathematics",
)
QUESTIONS = tuple(itertools.chain.from_iterable(zip(KEYWORDS, SENTENCES, strict=True)))
# Asked before anything is timed.
WARMING = (
    "image classification",
    "a survey of large language models",
    "string theory",
    "proof of a conjecture",
)
FILTERS = ("cat:cs.LG", "year:2024..", "cat:cs.CV year:2025", "has:code", "cat:cs -survey", "votes:>10")


@dataclass(frozen=True, slots=True)
class Text:
    """A paper as the benchmark needs it; `day` is its ISO date."""

    number: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    day: str

    @property
    def name(self) -> str:
        """An identifier like those of arXiv, for up to a million papers."""
        return f"25{self.number // 100_000 + 1:02}.{self.number % 100_000:05}"


def texts(snapshot: Path, count: int) -> Iterator[Text]:
    """So many papers: first those of the snapshot as they are, then these again and again with changes."""
    real: list[Text] = []
    for text in _read(snapshot):
        if len(real) < count:
            real.append(text)
            yield text
    vocabulary = [word for text in real[::10] for word in text.abstract.split()]
    for number in range(len(real) + 1, count + 1):
        yield _changed(real[number % len(real)], number, vocabulary)


def _read(snapshot: Path) -> Iterator[Text]:
    with gzip.open(snapshot, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            paper = json.loads(line)
            yield Text(
                number,
                " ".join(paper["title"].split()),
                " ".join(paper["abstract"].split()),
                tuple(" ".join(reversed(name[:2])).strip() for name in paper["authors_parsed"]),
                tuple(paper["categories"].split()),
                paper["update_date"],
            )


def _changed(text: Text, number: int, vocabulary: list[str]) -> Text:
    chance = random.Random(number)
    title, abstract = (_mixed(one, chance, vocabulary) for one in (text.title, text.abstract))
    abstract = f"{abstract} We report {chance.random():.5f} on {number} samples."
    return replace(text, number=number, title=f"{title} {number}", abstract=abstract)


def _mixed(text: str, chance: random.Random, vocabulary: list[str]) -> str:
    words = text.split()
    for _ in range(len(words) // REPLACED + 1):
        word = chance.choice(vocabulary)
        if not chance.randrange(NEW):
            word = f"{word[:5].lower()}{chance.choice(vocabulary)[-4:].lower()}"
        words[chance.randrange(len(words))] = word
    return " ".join(words)
