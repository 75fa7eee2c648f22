"""Fetching an embedding model from the Hugging Face hub: when an operator names one, and never else.

Where the hub is, and with which token it is asked, huggingface_hub reads from HF_ENDPOINT and HF_TOKEN.
"""

from __future__ import annotations

from pathlib import Path

from httpx2 import HTTPError
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import RepositoryNotFoundError, XetDownloadError

from broadsheet.search.embedding_models.embedding import ModelError, first_line, weights_files
from broadsheet.search.embedding_models.model_folder import weights_among
from broadsheet.search.embedding_models.runtimes import refuse_missing


def downloaded(name: str, *, into: Path) -> Path:
    """The folder below `into` with the files of the model `organization/name`, as they are on the hub now.

    What is there already is not fetched again. Raises ModelError.
    """
    folder = into / name.replace("/", "--")
    try:
        found = HfApi().model_info(name)
        files = {sibling.rfilename for sibling in found.siblings or ()}
        snapshot_download(name, revision=found.sha, local_dir=folder, allow_patterns=_wanted(name, files))
    except RepositoryNotFoundError as problem:
        raise ModelError(f"the hub has no model {name}, or keeps it from you") from problem
    except (OSError, HTTPError, ValueError, RuntimeError, XetDownloadError) as problem:
        raise ModelError(f"{name} cannot be fetched from the hub: {first_line(problem)}") from problem
    return folder


def _wanted(name: str, files: set[str]) -> list[str]:
    """The weights, and what tells how to use them; a repository often holds them in ten forms."""
    chosen = weights_among(files, name)
    refuse_missing(chosen)
    weights = {file.as_posix() for file in weights_files(Path(chosen))}
    return sorted(
        file
        for file in files
        if file in weights or file == "1_Pooling/config.json" or (file.endswith(".json") and "/" not in file)
    )
