"""One table decides what a failed request means."""

from __future__ import annotations

import pytest

from llmsweep.providers.faults import is_context_full, refused, retry_after_s, verdict


@pytest.mark.parametrize(
    ("status", "said", "means"),
    [
        (429, '{"error": {"type": "rate_limit_error"}}', "retry"),
        (429, '{"error": {"code": "insufficient_quota"}}', "stop"),
        (400, '{"error": {"message": "Your credit balance is too low to use the API"}}', "stop"),
        (400, "unsupported parameter", "fail"),
        (401, "", "stop"),
        (402, "", "stop"),
        (403, "", "stop"),
        (404, "model not found", "stop"),
        (408, "", "retry"),
        (413, "", "fail"),
        (422, "", "fail"),
        (500, "", "retry"),
        (503, "Loading model", "retry"),
        (529, "overloaded_error", "retry"),
    ],
)
def test_what_a_status_means(status: int, said: str, means: str):
    assert verdict(status, said, {}) == means
    error = refused("http://x", status, said, {})
    assert (error.retryable, error.fatal) == (means == "retry", means == "stop")
    assert f"answered {status}" in str(error)


def test_a_server_that_asks_not_to_try_again_is_obeyed():
    assert verdict(503, "", {"x-should-retry": "false"}) == "fail"
    assert verdict(401, "", {"x-should-retry": "true"}) == "stop"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after": "soon"}, None),
    ],
)
def test_how_long_to_wait(headers, seconds):
    assert retry_after_s(headers) == seconds


def test_a_full_context_is_told_from_other_refusals():
    assert is_context_full(400, "prompt is too long: 210000 tokens > 200000 maximum")
    assert not is_context_full(400, "max_tokens is too large")
    assert not is_context_full(500, "prompt is too long")
