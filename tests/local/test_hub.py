"""The real Hugging Face client against a small server with one repository of one commit."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

COMMIT = "1234567890" * 4
WEIGHTS = b"GGUF" + b"hub" * 1000
SHA256 = hashlib.sha256(WEIGHTS).hexdigest()

pytest.importorskip("huggingface_hub")


class Hub(BaseHTTPRequestHandler):
    def do_HEAD(self) -> None:
        self.answer(with_body=False)

    def do_GET(self) -> None:
        self.answer(with_body=True)

    def answer(self, *, with_body: bool) -> None:
        there = self.path == f"/owner/name/resolve/{COMMIT}/sub/a.gguf"
        content = WEIGHTS if there else b""
        self.send_response(200 if there else 404)
        if there:
            self.send_header("ETag", '"abc"')
            self.send_header("X-Repo-Commit", COMMIT)
        else:
            self.send_header("X-Error-Code", "EntryNotFound")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if with_body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def endpoint(user: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def pull_in_a_process(endpoint: str, **values: str) -> list[str]:
    """The client reads its endpoint when imported, so each pull gets a process."""
    code = f"""
from llmsweep.errors import UnfitError
from llmsweep.local.pull import pull
from llmsweep.local.sources import HuggingFace
source = HuggingFace(repo="owner/name", revision={COMMIT!r}, **{values!r})
for _ in range(2):
    try:
        got = pull("hub", source)
        print(got.path.name, got.sha256, got.already_there)
    except UnfitError as e:
        print(e)
"""
    env = os.environ | {"HF_ENDPOINT": endpoint, "HF_HUB_DISABLE_TELEMETRY": "1"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_a_file_of_a_commit_is_pulled_once(endpoint: str, user: Path) -> None:
    first, second = pull_in_a_process(endpoint, file="sub/a.gguf")

    assert first == f"hub.gguf {SHA256} False"
    assert second == f"hub.gguf {SHA256} True"
    assert (user / "cache/models/hub.gguf").read_bytes() == WEIGHTS
    assert sorted(p.name for p in (user / "cache/models").iterdir()) == ["hub.gguf", "hub.json"]

    (user / "cache/models/hub.gguf").write_bytes(b"GGUF, but others")
    assert pull_in_a_process(endpoint, file="sub/a.gguf") == [first, second]


def test_a_wrong_hash_and_a_missing_file_are_sentences(endpoint: str, user: Path) -> None:
    wrong, _ = pull_in_a_process(endpoint, file="sub/a.gguf", sha256="0" * 64)
    assert wrong == f"model hub: expected sha256 {'0' * 64}, the download has {SHA256}"
    missing, _ = pull_in_a_process(endpoint, file="sub/b.gguf")
    assert missing.startswith("model hub: Hugging Face did not give owner/name/sub/b.gguf: ")
    assert list((user / "cache/models").iterdir()) == []
