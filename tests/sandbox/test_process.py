"""Output in bounded memory."""

import pytest

from llmsweep.sandbox.process import InFlight, Output


def collected(limit, *chunks):
    output = Output(limit)
    for chunk in chunks:
        output.feed(chunk)
    return output.text()


@pytest.mark.parametrize("size", [0, 1, 9, 10])
def test_output_within_the_limit_is_kept_whole(size):
    data = bytes(range(97, 97 + size))
    assert collected(10, data) == collected(10, *(data[i : i + 1] for i in range(size))) == data.decode()


@pytest.mark.parametrize("step", [1, 3, 7, 64, 1000])
def test_longer_output_keeps_head_and_tail_and_says_what_is_missing(step):
    data = bytes(97 + i % 26 for i in range(1000))
    chunks = [data[i : i + step] for i in range(0, 1000, step)]
    assert collected(10, *chunks) == f"{data[:5].decode()}\n[... 990 bytes cut ...]\n{data[-5:].decode()}"


def test_a_character_cut_in_two_is_replaced_and_not_an_error():
    assert collected(6, "éééééééé".encode()) == "é\ufffd\n[... 10 bytes cut ...]\n\ufffdé"


def test_an_abort_with_nothing_in_flight_does_nothing():
    InFlight().abort()
