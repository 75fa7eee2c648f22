"""BERT's word pieces of many texts at once, on the card.

A tokenizer that reads one text after another is slower, on all cores, than a small model on one card. But
nearly all words of a text were seen before, and what a word becomes does not depend on its neighbours. So
the bytes of the texts are cut at blanks and around ASCII punctuation, where BERT's own rules cut too, and
each word is looked up in a table by its hash; only new ones are tokenized. The pieces are exactly those
that the tokenizer finds.
"""

from __future__ import annotations

import json
import string
from collections.abc import Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch.nn.functional import pad

from broadsheet.search.embedding_models.embedding import ModelError

RULES = {"normalizer": "BertNormalizer", "pre_tokenizer": "BertPreTokenizer", "model": "WordPiece"}
BLANK, SIGN, LETTER = range(3)
# The order of what follows in a longer word does not count.
LONGEST_WORD = 1 << 16
# Words in the table, about 160 MB; a catalogue of a million papers has fewer.
MOST_WORDS = 1 << 22


class _Words(NamedTuple):
    """Where the bytes of each word start and end, and their hashes."""

    starts: torch.Tensor
    ends: torch.Tensor
    hashes: torch.Tensor


class _Table(NamedTuple):
    """The words known, by their hashes in order: where in `pieces` those of each begin, and how many."""

    hashes: torch.Tensor
    firsts: torch.Tensor
    counts: torch.Tensor
    pieces: torch.Tensor


class WordPieces:
    """The pieces of texts, the first `most` of each; for one thread at a time. Raises ModelError."""

    def __init__(self, tokenizer: Tokenizer, *, most: int, device: torch.device) -> None:
        _refuse_others(tokenizer)
        tokenizer.no_padding()
        tokenizer.no_truncation()
        tokenizer.encode_special_tokens = True  # "[SEP]" in a text is text
        self._tokenizer = tokenizer
        self._most = most
        self._device = device
        self._opening, self._closing = tokenizer.encode("").ids
        kinds = torch.full((256,), LETTER, dtype=torch.uint8)
        kinds[list(string.punctuation.encode())] = SIGN
        kinds[list(b" \t\n\r")] = BLANK
        self._kinds = kinds.to(device)
        # Multilinear hashing modulo 2 ** 64 (Carter and Wegman, 1979): a random factor for each place.
        random = torch.Generator().manual_seed(1)
        factors = torch.randint(-(2**63), 2**63 - 1, (LONGEST_WORD,), generator=random)
        self._factors = factors.to(device)
        self._table = self._empty()

    def of(self, texts: Sequence[str]) -> tuple[torch.Tensor, torch.Tensor]:
        """The pieces of all texts in one row, and how many each text has, the two special ones included."""
        if len(self._table.hashes) > MOST_WORDS:
            self._table = self._empty()
        parts = [text.encode(errors="replace") for text in texts]
        data = b"\n".join(parts) + b"\n"
        sizes = torch.tensor([len(part) + 1 for part in parts], device=self._device)
        words = self._words(torch.frombuffer(bytearray(data), dtype=torch.uint8).to(self._device))
        rows = self._rows(words, data)
        # How many pieces come before each word, and where among them each text begins.
        before = pad(self._table.counts[rows].cumsum(0), (1, 0))
        begins = before[torch.searchsorted(words.starts, sizes.cumsum(0) - sizes)]
        counts = torch.diff(begins, append=before[-1:]).clamp(max=self._most - 2)
        return self._framed(self._joined(rows, before), begins, counts), counts + 2

    def _words(self, data: torch.Tensor) -> _Words:
        kinds = self._kinds[data.int()]
        is_letter, is_sign = kinds == LETTER, kinds == SIGN
        begins = is_sign | (is_letter & ~pad(is_letter[:-1], (1, 0)))
        starts = begins.nonzero().squeeze(1)
        ends = (is_sign | (is_letter & ~pad(is_letter[1:], (0, 1)))).nonzero().squeeze(1) + 1
        # Places count from the start of the word that a byte belongs to.
        places = torch.arange(len(data), device=self._device) - pad(starts, (1, 0))[begins.cumsum(0)]
        terms = self._factors[places.clamp(max=LONGEST_WORD - 1)] * (data.long() + 1)
        sums = pad(terms.cumsum(0), (1, 0))
        return _Words(starts, ends, sums[ends] - sums[starts])

    def _rows(self, words: _Words, data: bytes) -> torch.Tensor:
        """Where in the table each word stands, new ones being added."""
        rows = torch.searchsorted(self._table.hashes, words.hashes)
        new = (self._table.hashes[rows] != words.hashes).nonzero().squeeze(1)
        if not len(new):
            return rows
        hashes, which = words.hashes[new].unique(return_inverse=True)
        example = torch.empty_like(hashes).scatter_(0, which, new)
        spans = zip(words.starts[example].tolist(), words.ends[example].tolist(), strict=True)
        self._learn(hashes, [data[start:end].decode() for start, end in spans])
        return torch.searchsorted(self._table.hashes, words.hashes)

    def _learn(self, hashes: torch.Tensor, words: Sequence[str]) -> None:
        sizes, flat = [], []
        for one in self._tokenizer.encode_batch_fast(words, add_special_tokens=False):
            pieces = one.ids
            sizes.append(len(pieces))
            flat += pieces
        counts = torch.tensor(sizes, device=self._device)
        firsts = len(self._table.pieces) + counts.cumsum(0) - counts
        hashes, order = torch.cat([self._table.hashes, hashes]).sort()
        self._table = _Table(
            hashes,
            torch.cat([self._table.firsts, firsts])[order],
            torch.cat([self._table.counts, counts])[order],
            torch.cat([self._table.pieces, torch.tensor(flat, dtype=torch.long, device=self._device)]),
        )

    def _joined(self, rows: torch.Tensor, before: torch.Tensor) -> torch.Tensor:
        """The pieces of all words, one after another."""
        shifts = (self._table.firsts[rows] - before[:-1]).repeat_interleave(self._table.counts[rows])
        return self._table.pieces[shifts + torch.arange(len(shifts), device=self._device)]

    def _framed(self, pieces: torch.Tensor, begins: torch.Tensor, counts: torch.Tensor) -> torch.Tensor:
        """`counts` pieces of each text from where it begins, between the two special ones."""
        ends = (counts + 2).cumsum(0)
        starts = ends - counts - 2
        shifts = (begins - starts).repeat_interleave(counts + 2)
        framed = pad(pieces, (1, 1))[shifts + torch.arange(len(shifts), device=self._device)]
        framed[starts], framed[ends - 1] = self._opening, self._closing
        return framed

    def _empty(self) -> _Table:
        """A table of one word that does not occur, so that a look-up never runs off its end."""
        none = torch.zeros(1, dtype=torch.long, device=self._device)
        return _Table(none + (2**63 - 1), none, none, none[:0])


def _refuse_others(tokenizer: Tokenizer) -> None:
    found = json.loads(tokenizer.to_str())
    rules = {part: (found[part] or {}).get("type") for part in RULES}
    if rules != RULES or not all(added["special"] for added in found["added_tokens"]):
        raise ModelError(
            "the model does not cut texts into pieces as BERT does, so PyTorch cannot run it here"
        )
