from __future__ import annotations

import socket
import time

import httpx2
import pytest

from llmsweep.providers.wire import Wire, was_reused, written_ns
from llmsweep.testing.server import SseServer


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def client(wire: Wire):
    with httpx2.Client(event_hooks={"request": [wire.watch]}, trust_env=False) as client:
        yield client


def test_the_stamp_lies_between_asking_and_the_answer(client, server: SseServer):
    before = time.perf_counter_ns()
    request = client.get(f"{server.base_url}/models").request
    assert before < written_ns(request) < time.perf_counter_ns()


def test_connecting_is_not_in_the_stamp():
    """Played by hand as httpcore calls it: no connection can be made slow on purpose on every machine."""
    request = httpx2.Request("POST", "http://x")
    Wire().watch(request)
    report = request.extensions["trace"]
    report("connection.connect_tcp.started", {})
    time.sleep(0.05)
    connected = time.perf_counter_ns()
    report("http11.send_request_headers.started", {})
    assert written_ns(request) >= connected


def test_it_knows_a_kept_connection(client, server: SseServer):
    requests = [client.get(f"{server.base_url}/models").request for _ in range(2)]
    assert [was_reused(request) for request in requests] == [False, True]


def test_a_connection_that_is_made_during_a_cut_is_cut_too(wire: Wire):
    early, early_peer = socket.socketpair()
    late, late_peer = socket.socketpair()
    with early, early_peer, late, late_peer:
        wire.keep(early)
        wire.cut()
        wire.keep(late)
        for peer in (early_peer, late_peer):
            peer.settimeout(1)
            assert peer.recv(1) == b""
