"""The real Ollama client against a small server that speaks the three calls a pull makes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from llmsweep.errors import UnfitError
from llmsweep.local.pull import Pulled, is_pulled, pull, remove
from llmsweep.local.sources import Ollama

DIGEST = "ab" * 32


class OllamaServer(ThreadingHTTPServer):
    """``upstream``: what a pull brings, None when it says success and brings nothing."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.held: dict[str, str] = {}
        self.upstream: str | None = DIGEST
        self.error: str | None = None
        self.pulls = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(BaseHTTPRequestHandler):
    server: OllamaServer

    def do_GET(self) -> None:
        models = [{"model": tag, "digest": digest, "size": 77} for tag, digest in self.server.held.items()]
        self.reply({"/api/tags": {"models": models}, "/api/version": {"version": "0.12.0"}}[self.path])

    def do_DELETE(self) -> None:
        del self.server.held[self.body()["model"]]
        self.reply({})

    def do_POST(self) -> None:
        assert self.path == "/api/pull"
        tag = self.body()["model"]
        self.server.pulls += 1
        lines: list[dict[str, object]] = [{"status": "pulling manifest"}]
        if self.server.error:
            lines.append({"error": self.server.error})
        else:
            lines += [
                {"status": "pulling abab", "digest": "abab", "total": 77, "completed": n} for n in (7, 77)
            ]
            lines.append({"status": "success"})
            if self.server.upstream:
                self.server.held[tag if ":" in tag else f"{tag}:latest"] = self.server.upstream
        self.reply(*lines)

    def body(self) -> dict[str, str]:
        content: dict[str, str] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return content

    def reply(self, *lines: object) -> None:
        content = "".join(json.dumps(line) + "\n" for line in lines).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server(user: Path) -> Iterator[OllamaServer]:
    with OllamaServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_tag_is_pulled_once_with_progress(server: OllamaServer) -> None:
    source, told = Ollama(tag="qwen3:8b", host=server.url), []
    assert not is_pulled("qwen", source)

    got = pull("qwen", source, progress=lambda *step: told.append(step))

    assert got == Pulled(path=None, sha256=DIGEST, bytes=77, already_there=False)
    assert ("pulling abab", 7, 77) in told
    assert told[-1] == ("success", 0, None)
    assert pull("qwen", source).already_there
    assert server.pulls == 1


def test_the_host_of_the_environment_counts_and_no_tag_means_latest(
    server: OllamaServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", f"127.0.0.1:{server.server_port}")
    source = Ollama(tag="qwen3")

    assert pull("qwen", source).sha256 == DIGEST
    assert is_pulled("qwen", source)


def test_a_tag_that_moved_is_refused(server: OllamaServer) -> None:
    server.held["qwen3:8b"] = "cd" * 32
    server.upstream = "cd" * 32
    source = Ollama(tag="qwen3:8b", host=server.url, digest=DIGEST[:12])

    with pytest.raises(UnfitError, match=f"has digest {'cd' * 32}, expected {DIGEST[:12]}"):
        pull("qwen", source)


def test_only_the_servers_list_is_believed(server: OllamaServer) -> None:
    server.upstream = None
    with pytest.raises(UnfitError, match="does not list it"):
        pull("qwen", Ollama(tag="qwen3:8b", host=server.url))


def test_the_servers_error_is_the_sentence(server: OllamaServer) -> None:
    server.error = "pull model manifest: file does not exist"
    with pytest.raises(UnfitError, match=r"failed on qwen3:8b: .*file does not exist"):
        pull("qwen", Ollama(tag="qwen3:8b", host=server.url))


def test_removing_asks_the_server(server: OllamaServer) -> None:
    source = Ollama(tag="qwen3:8b", host=server.url)
    pull("qwen", source)

    assert remove("qwen", source)
    assert server.held == {}
    assert not remove("qwen", source)


def test_no_server_says_how_to_start_one(user: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as taken:
        port = taken.server_port  # free again, and nobody listens, once this block ends
    with pytest.raises(UnfitError, match="'ollama serve'"):
        pull("qwen", Ollama(tag="qwen3:8b", host=f"http://127.0.0.1:{port}"))
