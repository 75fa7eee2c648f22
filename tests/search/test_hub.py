"""Fetching a model from a hub: a server on this machine that answers as the Hugging Face hub does."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
from huggingface_hub import constants
from tests.search import tiny

from broadsheet.search.embedding_models.choosing import choose
from broadsheet.search.embedding_models.embedding import ModelError
from broadsheet.search.embedding_models.runtimes import runtime

COMMIT = "5f2c3b1d" * 5
NAME = "kitchen/tiny-model"


class Hub(BaseHTTPRequestHandler):
    """The hub's answers about one repository."""

    files: dict[str, bytes]
    asked: list[str]

    def do_GET(self) -> None:
        self._answer()

    def do_HEAD(self) -> None:
        self._answer()

    def log_message(self, *_: object) -> None:
        pass

    def _answer(self) -> None:
        path = self.path.partition("?")[0]
        self.asked.append(f"{self.command} {path}")
        siblings = [{"rfilename": name} for name in self.files]
        if path == f"/api/models/{NAME}":
            self._send(json.dumps({"id": NAME, "sha": COMMIT, "siblings": siblings}).encode())
        elif path == f"/api/models/{NAME}/tree/{COMMIT}":
            self._send(json.dumps([self._entry(name) for name in self.files]).encode())
        elif path.startswith(f"/{NAME}/resolve/{COMMIT}/"):
            self._send(self.files[path.partition(f"{COMMIT}/")[2]])
        else:
            self._send(b'{"error": "Repository not found"}', 404)

    def _entry(self, name: str) -> dict[str, object]:
        data = self.files[name]
        return {"type": "file", "path": name, "size": len(data), "oid": hashlib.sha1(data).hexdigest()}

    def _send(self, data: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("ETag", f'"{hashlib.sha1(data).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        if status == 404:
            self.send_header("X-Error-Code", "RepoNotFound")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(data)


def point_at(monkeypatch, address: str) -> None:
    """What HF_ENDPOINT does when a process starts."""
    monkeypatch.setattr(constants, "ENDPOINT", address)
    monkeypatch.setattr(
        constants, "HUGGINGFACE_CO_URL_TEMPLATE", address + "/{repo_id}/resolve/{revision}/{filename}"
    )


@pytest.fixture
def hub(tmp_path, monkeypatch) -> Iterator[type[Hub]]:
    """The hub, with one model in several forms."""
    folder = tiny.configure(tiny.save(tmp_path / "origin", file="onnx/model.onnx"), query="soup ")
    files = {file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()}
    Hub.files = {name: file.read_bytes() for name, file in files.items()}
    Hub.files |= {"README.md": b"# Tiny", "model.safetensors": b"0" * 1000, "onnx/model_O4.onnx": b"1" * 1000}
    Hub.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    Thread(target=server.serve_forever, daemon=True).start()
    point_at(monkeypatch, f"http://127.0.0.1:{server.server_port}")
    yield Hub
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", [NAME, f"hub:{NAME}"])
def test_a_model_named_as_on_the_hub_is_fetched_and_used(hub, tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    model = choose(name, downloads=tmp_path / "models")
    assert (model.name, model.query_prefix) == (NAME, "soup ")
    assert Path(model.folder) == tmp_path / "models" / "kitchen--tiny-model"
    mean = tiny.states(["soup", "robot"]).mean(0)
    assert np.allclose(runtime(model).embed_query("robot"), mean / np.linalg.norm(mean), atol=1e-6)


def test_only_the_files_that_are_used_are_fetched_and_only_once(hub, tmp_path):
    choose(f"hub:{NAME}", downloads=tmp_path)
    fetched = {path.partition(COMMIT)[2] for path in hub.asked if path.startswith("GET /kitchen")}
    assert fetched == {
        "/1_Pooling/config.json",
        "/config_sentence_transformers.json",
        "/modules.json",
        "/onnx/model.onnx",
        "/sentence_bert_config.json",
        "/tokenizer.json",
    }
    hub.asked.clear()
    choose(f"hub:{NAME}", downloads=tmp_path)
    assert not [path for path in hub.asked if path.startswith("GET /kitchen")]


def test_a_model_that_the_hub_does_not_have_is_told_in_a_sentence(hub, tmp_path):
    with pytest.raises(ModelError, match="the hub has no model kitchen/other, or keeps it from you"):
        choose("hub:kitchen/other", downloads=tmp_path)


def test_a_repository_without_a_model_is_refused_before_anything_is_fetched(hub, tmp_path):
    hub.files = {"README.md": b"# Nothing here"}
    with pytest.raises(ModelError, match="kitchen/tiny-model holds no embedding model"):
        choose(f"hub:{NAME}", downloads=tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_weights_that_need_pytorch_are_not_even_fetched_where_there_is_none(hub, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    hub.files = {name: data for name, data in hub.files.items() if not name.endswith(".onnx")}
    with pytest.raises(ModelError, match=r"install broadsheet\[torch\]"):
        choose(f"hub:{NAME}", downloads=tmp_path / "models")
    assert not (tmp_path / "models").exists()


def test_a_hub_that_nobody_can_reach_is_told_in_a_sentence(tmp_path, monkeypatch):
    point_at(monkeypatch, "http://127.0.0.1:9")
    with pytest.raises(ModelError, match=r"kitchen/tiny-model cannot be fetched from the hub: .*refused"):
        choose(f"hub:{NAME}", downloads=tmp_path)


def test_a_server_that_is_no_hub_is_told_in_a_sentence(hub, tmp_path, monkeypatch):
    monkeypatch.setattr(hub, "_answer", lambda self: self._send(b"<h1>Hello</h1>"))
    with pytest.raises(ModelError, match="cannot be fetched from the hub"):
        choose(f"hub:{NAME}", downloads=tmp_path)


def test_a_repository_without_a_tokenizer_is_refused(hub, tmp_path):
    del hub.files["tokenizer.json"]
    with pytest.raises(ModelError, match=r"has no tokenizer\.json"):
        choose(f"hub:{NAME}", downloads=tmp_path)
