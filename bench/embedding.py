"""Papers embedded a second, from texts to vectors, and what part of a card's arithmetic that is.

    python bench/embedding.py FILE FOLDER

FILE has papers as JSON, one on each line, with `title` and `abstract` (also .gz or .xz). FOLDER is a BERT
model in safetensors: its word pieces are taken for all models, and its vectors are compared with those of
sentence-transformers in float32. Measured are BERT models with random weights, 384 numbers wide, of 12 layers
and of 6. Peers in the same run: sentence-transformers, and the BERT of `transformers` fed with word pieces
that lie ready on the card. Without a card, the default model on the processor is measured.
"""

from __future__ import annotations

import gc
import gzip
import json
import lzma
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from broadsheet.search.embedding_models.embedding import DEFAULT, EmbeddingModel, weights_sha256

PIECES = 256
# Dense bfloat16 by the data sheet of an H100 SXM, in operations a second.
PEAK = 989e12
OPEN = {".gz": gzip.open, ".xz": lzma.open}


def read(file: Path) -> list[str]:
    with OPEN.get(file.suffix, open)(file, "rb") as lines:
        papers = [json.loads(line) for line in lines]
    return [f"{paper['title']} {paper['abstract']}".strip() for paper in papers]


def model_in(folder: Path) -> EmbeddingModel:
    weights = "model.safetensors"
    return EmbeddingModel(
        name=folder.name,
        identity="",
        folder=str(folder),
        weights=weights,
        sha256=weights_sha256(folder / weights),
        dimension=384,
        pooling="mean",
        pieces=PIECES,
    )


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def on_processor(texts: list[str]) -> None:
    """The default model, on all processors."""
    from broadsheet.search.embedding_models.onnx_runtime import OnnxRuntime

    print(f"no card; {DEFAULT.name} on {os.cpu_count()} processors:")
    runtime = OnnxRuntime(DEFAULT, threads=os.cpu_count() or 1)
    runtime.embed_documents(texts[:8])
    print(f"  {128 / seconds(lambda: runtime.embed_documents(texts[8:136])):,.1f} papers a second")


def random_model(folder: Path, like: Path, layers: int) -> None:
    """A BERT with random weights in `folder`, with the word pieces of the model `like`."""
    from transformers import BertConfig, BertModel

    config = BertConfig(
        hidden_size=384, num_hidden_layers=layers, num_attention_heads=12, intermediate_size=1536
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    shutil.copy(like / "tokenizer.json", folder)


def product_rate() -> float:
    """Operations a second of a large matrix product in bfloat16."""
    import torch

    one, other = (torch.randn(8192, 8192, device="cuda", dtype=torch.bfloat16) for _ in range(2))

    def products() -> None:
        for _ in range(20):
            one @ other
        torch.cuda.synchronize()

    products()
    return 20 * 2 * 8192**3 / seconds(products)


def operations(counts: np.ndarray, layers: int) -> float:
    """What the matrix products of BERT take for texts of so many pieces, nothing being padded."""
    inner = 2 * (4 * 384**2 + 2 * 384 * 1536) * counts.sum()
    return layers * float(inner + 4 * 384 * (counts.astype(float) ** 2).sum())


def on_card(folder: Path, texts: list[str], counts: np.ndarray, layers: int, products: float) -> None:
    """Ours: a first quarter, whose words are all new, then the others, as in a catalogue that grows."""
    from broadsheet.search.embedding_models.torch_runtime import TorchRuntime

    began = time.perf_counter()
    runtime = TorchRuntime(model_in(folder), threads=1)
    runtime.embed_documents(texts[:1])
    gc.freeze()  # what the peers keep in memory is not ours to look through
    print(f"{layers} layers, ready after {time.perf_counter() - began:.1f} s")
    quarter = len(texts) // 4
    for name, part in (("the first", slice(quarter)), ("those after them", slice(quarter, None))):
        took = seconds(lambda part=part: runtime.embed_documents(texts[part]))
        rate = operations(counts[part], layers) / took
        print(
            f"  {name:16} {len(texts[part]) / took:10,.0f} papers a second,"
            f" {counts[part].sum() / took / 1e6:5.2f} M pieces, {rate / 1e12:.0f} TFLOP/s:"
            f" {rate / PEAK:.0%} of the data sheet, {rate / products:.0%} of a large product"
        )


def sentence_transformers(folder: Path, texts: list[str]) -> None:
    import torch
    from sentence_transformers import SentenceTransformer

    peer = SentenceTransformer(str(folder), device="cuda", model_kwargs={"dtype": torch.bfloat16})
    peer.max_seq_length = PIECES
    for batch in (256, 1024):
        peer.encode(texts[:batch], batch_size=batch)
        took = seconds(lambda size=batch: peer.encode(texts, batch_size=size))
        print(f"  sentence-transformers, {batch:4} at once {len(texts) / took:8,.0f} papers a second")


def plain(folder: Path) -> None:
    """The model of `transformers`, texts of 256 pieces, nothing tokenized and nothing copied back."""
    import torch
    from transformers import BertModel

    peer = BertModel.from_pretrained(folder, dtype=torch.bfloat16, add_pooling_layer=False).cuda().eval()
    pieces = torch.randint(1000, 30000, (512, PIECES), device="cuda")

    def run() -> None:
        with torch.inference_mode():
            for _ in range(40):
                peer(pieces)
        torch.cuda.synchronize()

    run()
    print(f"  plain PyTorch, pieces ready     {40 * 512 / seconds(run):9,.0f} texts a second")


def compare(folder: Path, texts: list[str]) -> None:
    """Vectors of the card in bfloat16, beside those of sentence-transformers on the processor in float32."""
    import torch
    from sentence_transformers import SentenceTransformer

    from broadsheet.search.embedding_models.torch_runtime import TorchRuntime

    peer = SentenceTransformer(str(folder), device="cpu", model_kwargs={"dtype": torch.float32})
    peer.max_seq_length = PIECES
    theirs = peer.encode(texts, normalize_embeddings=True)
    ours = TorchRuntime(model_in(folder), threads=1).embed_documents(texts)
    cosines = (theirs * ours).sum(1)
    print(f"cosine to float32 on the processor, {len(texts)} papers: least {cosines.min():.5f}")


def main(file: str, model: str) -> None:
    """Measure on the card, or say that there is none."""
    texts = read(Path(file))
    try:
        import torch
    except ImportError:
        return on_processor(texts)
    if not torch.cuda.is_available():
        return on_processor(texts)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(model) / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(PIECES)
    counts = np.array([len(one.ids) for one in tokenizer.encode_batch_fast(texts)])
    products = product_rate()
    print(f"{torch.cuda.get_device_name()}: {products / 1e12:.0f} TFLOP/s in a large product, bfloat16")
    print(f"{len(texts)} papers, {counts.mean():.0f} word pieces on average, cut at {PIECES}")
    compare(Path(model), texts[:256])
    for layers in (12, 6):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            random_model(folder, Path(model), layers)
            on_card(folder, texts, counts, layers, products)
            plain(folder)
            sentence_transformers(folder, texts[:16_384])
    return None


if __name__ == "__main__":
    main(*sys.argv[1:])
