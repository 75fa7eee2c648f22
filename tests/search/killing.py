"""A program that lets work on the index be killed at one line of code after another, each time from the same state.

    python -m tests.search.killing DATA WORK KILLS

The data folder holds an indexed catalogue with changes waiting. WORK is `index`, `rebuild` (which compacts
the embeddings, too) or `model`. Of all lines of the search room that a run of it executes, KILLS are chosen,
spread over them; when one is reached first, the process is killed (SIGKILL). Then the index is brought up to
date, as a worker would, and the work is asked for again. Prints a JSON line with what is found after each,
the undisturbed run first.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402

from broadsheet.search import finding, indexing, status  # noqa: E402
from broadsheet.search.embedding_models.model_folder import described  # noqa: E402
from broadsheet.search.folder import index_folder  # noqa: E402

ROOM = str(Path(indexing.__file__).parent)
QUERIES = ["soup", "network training", "quantum error correction", '"robot arm"', "spreading disease"]


def work(name: str) -> None:
    if name == "rebuild":
        indexing.rebuild(progress=lambda *_: None)
    if name == "model":
        indexing.change_model(described(settings.BROADSHEET.data / "other", name="other"))
    indexing.mend()
    while indexing.is_work_left():
        if not indexing.catch_up():
            indexing.embed_due()
    indexing.mend()


def found() -> dict[str, Any]:
    """All that a reader could see of the index."""
    state = status.read()
    answers = {
        query: [(hit.paper_pk, round(hit.score, 9)) for hit in finding.find(query, limit=20).hits]
        for query in QUERIES
    }
    return {
        "answers": answers,
        "left": [state.changes, state.due],
        "counts": [state.papers, state.words, state.embedded],
        "model": state.model,
        "folders": len(list(index_folder().glob("words-*"))),
        "embeddings": [path.name for path in index_folder().glob("vectors-*")],
    }


def seeing(
    lines: dict[str, None], *, kill_at: str = "", rooms: tuple[str, ...] = (ROOM,)
) -> Callable[[FrameType, str, object], Any]:
    """A tracer that notes the lines of the rooms in the order they are reached, and kills the process at one."""

    def trace(frame: FrameType, event: str, _: object) -> Any:
        if not frame.f_code.co_filename.startswith(rooms):
            return None
        if event == "line":
            line = f"{frame.f_code.co_filename}:{frame.f_lineno}"
            lines[line] = None
            if line == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
        return trace

    return trace


def in_a_child(action: Callable[[], object]) -> bytes:
    """What the action answers, as a child process of its own; nothing if it was killed."""
    return in_children(action)[0]


def in_children(*actions: Callable[[], object]) -> list[bytes]:
    """What actions answer that run at once. One thread begins them all: two must not fork at the same time."""
    children = [_begun(action) for action in actions]
    return [_answer(*child) for child in children]


def _begun(action: Callable[[], object]) -> tuple[int, int]:
    """A child process that has begun, and where its answer can be read."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        with os.fdopen(writer, "wb") as out:
            out.write(json.dumps(action()).encode())
        os._exit(0)
    os.close(writer)
    return child, reader


def _answer(child: int, reader: int) -> bytes:
    with os.fdopen(reader, "rb") as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def main() -> None:
    data, name, kills = Path(settings.BROADSHEET.data), sys.argv[1], int(sys.argv[2])
    saved = data.with_name("saved")
    shutil.copytree(data, saved)

    def undisturbed() -> object:
        lines: dict[str, None] = {}
        sys.settrace(seeing(lines))
        work(name)
        sys.settrace(None)
        return list(lines), found()

    def killed(at: str) -> object:
        sys.settrace(seeing({}, kill_at=at))
        work(name)
        return None

    def afterwards() -> object:
        work("index")
        work(name)
        return found()

    lines, expected = json.loads(in_a_child(undisturbed))
    print(json.dumps(expected))
    for kill in range(1, kills + 1):
        shutil.rmtree(data)
        shutil.copytree(saved, data)
        at = lines[len(lines) * kill // (kills + 1)]
        if in_a_child(lambda at=at: killed(at)):
            sys.exit(f"the run outlived its kill at {at}")
        print(in_a_child(afterwards).decode())


if __name__ == "__main__":
    main()
