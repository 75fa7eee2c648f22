"""The model that an operator names: the default, one in a folder, one on the hub."""

from __future__ import annotations

import re
from pathlib import Path

from broadsheet.search.embedding_models.embedding import DEFAULT, EmbeddingModel, ModelError
from broadsheet.search.embedding_models.hub import downloaded
from broadsheet.search.embedding_models.model_folder import described

HUB = "hub:"
ON_HUB = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)


def choose(name: str, *, downloads: Path) -> EmbeddingModel:
    """The model called `default`, in the folder of that name, or on the hub as `hub:organization/name`.

    The prefix may be left out where no such folder is meant. From the hub, its files are fetched into a
    folder below `downloads`. Raises ModelError.
    """
    if name == "default":
        return DEFAULT
    folder = Path(name).expanduser()
    if name and not name.startswith(HUB) and folder.is_dir():
        return described(folder.resolve(), name=folder.resolve().name)
    named = name.removeprefix(HUB)
    # Who mistypes a folder does not want to ask another machine for it.
    is_path = not name.startswith(HUB) and folder.parent.exists()
    if is_path or not ON_HUB.fullmatch(named):
        raise ModelError(f"there is no folder {name}; name one, default, or hub:organization/name")
    return described(downloaded(named, into=downloads), name=named)
