"""Peers that send or take a byte now and then, or nothing: each is let go within its bound, and
what it held is free again. The server has short bounds (`HURRIED` in conftest.py); their defaults
are in TransportLimits."""

import contextlib
import time

import pytest

from conftest import HURRIED
from neighbour import GROWTH_BYTES_MAX, Memory
from raw import (
    PREFACE, Closed, Kind, RawClient, Setting, block, frame, headers, message, ping, settings,
    window_update)
from test_bad_input import EMPTY_CALL, FULL_DUPLEX_CALL, UNARY_CALL, fields

# Generous, because the machine may be busy: the server's bounds are 1 to 1.5 s, and it waits
# another second for a peer to close (lingerMs).
ENDED_SECONDS_MAX = 8
DRIP_SECONDS = 0.1
STREAMING_INPUT_CALL = "/grpc.testing.TestService/StreamingInputCall"
STREAMING_OUTPUT_CALL = "/grpc.testing.TestService/StreamingOutputCall"
# SimpleRequest{response_size: 1000000}
ASK_MEGABYTE = message(b"\x10\xc0\x84\x3d")
NO_WINDOW = settings((Setting.INITIAL_WINDOW_SIZE, 0))
DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED = "4", "8"


@contextlib.contextmanager
def ends_in_time():
    """What the block waits for happens after the server's bound, and not long after."""
    began = time.monotonic()
    yield
    seconds = time.monotonic() - began
    # The server looks four times within its shortest bound.
    assert min(HURRIED.values()) / 1_000 * 0.7 <= seconds <= ENDED_SECONDS_MAX


def drip(client: RawClient, pieces, is_over) -> None:
    """Sends a piece now and then until it is over."""
    end = time.monotonic() + ENDED_SECONDS_MAX
    for piece in pieces:
        assert time.monotonic() < end, "the server waits for ever"
        client.send(piece)
        try:
            listen(client, DRIP_SECONDS)
        except Closed:
            return
        if is_over():
            return
    raise AssertionError("there was nothing more to send")


def listen(client: RawClient, seconds: float) -> None:
    """Reads what comes for a while."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        client.socket.settimeout(left)
        try:
            client.read()
        except TimeoutError:
            return


def never() -> bool:
    return False


def bytes_of(whole: bytes):
    return (whole[at : at + 1] for at in range(len(whole)))


def test_a_connection_that_says_nothing_is_closed(hurried):
    with ends_in_time(), RawClient(hurried, hello=False) as client:
        client.until_closed()


def test_a_slow_preface_is_not_waited_for(hurried):
    with ends_in_time(), RawClient(hurried, hello=False) as client:
        drip(client, bytes_of(PREFACE + settings() * 20), never)


def test_an_idle_connection_is_told_goodbye_and_closed(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        client.until_closed()
    assert client.goaway == 0


def test_a_connection_that_only_pings_is_idle(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        drip(client, (ping() for _ in range(1_000)), never)


def test_half_a_frame_closes_its_connection(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        client.send(headers(1, block(*fields(FULL_DUPLEX_CALL)), end=False))
        client.send(frame(Kind.DATA, 1, bytes(100))[:50])
        client.until_closed()


def test_a_frame_that_drips_in_closes_its_connection(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        client.send(headers(1, block(*fields(FULL_DUPLEX_CALL)), end=False))
        drip(client, bytes_of(frame(Kind.DATA, 1, bytes(1_000))), never)


def test_a_header_block_that_drips_in_closes_its_connection(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        whole = block(*fields(), ("x", "y" * 1_000))
        pieces = (frame(Kind.CONTINUATION, 1, piece) for piece in bytes_of(whole[1:]))
        client.send(frame(Kind.HEADERS, 1, whole[:1]))
        # A byte of the next frame at a time, so that libnghttp2's bound of eight frames is not it.
        drip(client, bytes_of(b"".join(pieces)), never)


def test_half_a_header_block_closes_its_connection(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        client.send(frame(Kind.HEADERS, 1, block(*fields())))
        client.until_closed()


@pytest.mark.parametrize("path", [EMPTY_CALL, STREAMING_OUTPUT_CALL, STREAMING_INPUT_CALL])
def test_a_body_that_drips_in_ends_its_call(hurried, path):
    with RawClient(hurried) as client:
        with ends_in_time():
            client.request(1, fields(path), end=False)
            body = message(bytes(1_000))
            pieces = (frame(Kind.DATA, 1, piece) for piece in bytes_of(body))
            drip(client, pieces, lambda: 1 in client.answers and client.answers[1].is_ended)
        assert client.answers[1].status == DEADLINE_EXCEEDED
        goes_on(client)


@pytest.mark.parametrize("path", [EMPTY_CALL, FULL_DUPLEX_CALL, STREAMING_INPUT_CALL])
def test_a_body_that_never_comes_ends_its_call(hurried, path):
    with RawClient(hurried) as client:
        with ends_in_time():
            client.request(1, fields(path), end=False)
            assert client.answer(1).status == DEADLINE_EXCEEDED
        goes_on(client)


def test_an_answer_for_which_there_is_no_window_is_dropped(hurried):
    memory = Memory(hurried.pid)
    with RawClient(hurried, own_settings=NO_WINDOW) as client:
        with ends_in_time():
            for stream in range(1, 40, 2):
                client.request(stream, fields(UNARY_CALL), ASK_MEGABYTE)
            for stream in range(1, 40, 2):
                assert client.answer(stream).status == DEADLINE_EXCEEDED
        assert all(client.answers[stream].body == b"" for stream in range(1, 40, 2))
        goes_on(client)
    # Twenty answers of a megabyte were held that long.
    assert memory.growth() <= GROWTH_BYTES_MAX + (20 << 20)


def test_answers_over_what_a_connection_may_leave_waiting_are_refused(hurried):
    with RawClient(hurried, own_settings=NO_WINDOW) as client:
        for stream in range(1, 100, 2):
            client.request(stream, fields(UNARY_CALL), ASK_MEGABYTE)
        ends = [client.answer(stream).status for stream in range(1, 100, 2)]
    # 32 MiB by default, then no more.
    assert ends.count(DEADLINE_EXCEEDED) in range(30, 36)
    assert ends.count(RESOURCE_EXHAUSTED) == len(ends) - ends.count(DEADLINE_EXCEEDED)


def test_a_window_that_opens_by_a_byte_now_and_then_ends_its_call(hurried):
    with RawClient(hurried, own_settings=NO_WINDOW) as client:
        with ends_in_time():
            client.request(1, fields(UNARY_CALL), ASK_MEGABYTE)
            drip(client, (window_update(1, 1) for _ in range(1_000)),
                 lambda: client.answers[1].is_ended if 1 in client.answers else False)
        assert client.answers[1].status == DEADLINE_EXCEEDED
        assert 0 < len(client.answers[1].body) < 100


def test_a_peer_that_reads_nothing_is_closed_though_it_pings(hurried):
    with ends_in_time(), RawClient(hurried, own_settings=settings(
            (Setting.INITIAL_WINDOW_SIZE, 2**31 - 1))) as client:
        client.send(window_update(0, 2**31 - 1 - 65_535))
        for stream in range(1, 64, 2):
            client.request(stream, fields(UNARY_CALL), ASK_MEGABYTE)
        end = time.monotonic() + ENDED_SECONDS_MAX
        while client.socket.fileno() >= 0 and time.monotonic() < end:
            try:
                client.socket.sendall(ping())
            except (BrokenPipeError, ConnectionResetError):
                return
            time.sleep(DRIP_SECONDS)
    raise AssertionError("the server keeps a socket that takes nothing")


def test_a_peer_that_answers_no_ping_while_it_has_calls_is_closed(hurried):
    with ends_in_time(), RawClient(hurried) as client:
        client.request(1, fields("/grpc.health.v1.Health/Watch"), message(b""))
        client.answers_pings = False
        client.until_closed()


def goes_on(client: RawClient) -> None:
    """The connection serves further calls."""
    client.socket.settimeout(ENDED_SECONDS_MAX)
    stream = max(client.answers) + 2 | 1
    client.request(stream, fields(), message(b""), end=True)
    client.send(window_update(stream, 1_000))
    assert client.answer(stream).status == "0"
