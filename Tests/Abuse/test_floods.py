"""Floods: the abuser's connection is closed within a bound, the server's memory stays within a
bound, and a well-behaved client on another connection is served as before."""

import random

import pytest

from flood import Attack, paced, storm
from raw import (
    PREFACE, Code, Flag, Kind, Setting, block, frame, headers, message, ping, priority,
    priority_fields, rst_stream, settings, window_update)
from test_bad_input import FULL_DUPLEX_CALL, fields

CALL = block(*fields())
STREAM = block(*fields(FULL_DUPLEX_CALL))
OPEN = headers(1, STREAM, end=False)
CLOSED = headers(1, STREAM) + rst_stream(1)
SEED = 20_260_101


def each(build):
    """An attack's round on a stream of its own: 1, 3, 5…"""
    return lambda number: build(2 * number + 1)


def many(piece: bytes):
    """An attack that sends the same bytes again and again."""
    pieces = piece * max(1, 8_192 // len(piece))
    return lambda _: pieces


def called(piece):
    """Opens a call and does something to it."""
    return each(lambda stream: headers(stream, STREAM, end=False) + piece(stream))


RAPID_RESET = [  # CVE-2023-44487
    Attack("rapid reset", called(rst_stream)),
    Attack("rapid reset without an error", called(lambda s: rst_stream(s, Code.NO_ERROR))),
    Attack("rapid reset of whole calls",
           each(lambda s: headers(s, CALL, end=False)
                + frame(Kind.DATA, s, message(b""), Flag.END_STREAM) + rst_stream(s))),
]

MADE_YOU_RESET = [  # CVE-2025-8671: what makes a server reset the stream, or the connection
    Attack("window update of 0", called(lambda s: window_update(s, 0)), code=Code.PROTOCOL_ERROR),
    Attack("window that overflows", called(lambda s: window_update(s, 2**31 - 1))),
    Attack("DATA on a half-closed stream",
           each(lambda s: headers(s, STREAM) + frame(Kind.DATA, s, b"x")), code=Code.STREAM_CLOSED),
    Attack("HEADERS on a half-closed stream", each(lambda s: headers(s, STREAM) * 2),
           code=Code.STREAM_CLOSED),
    Attack("PRIORITY on itself", many(priority(1, depends_on=1)), first=OPEN),
    Attack("HEADERS that depend on themselves",
           each(lambda s: frame(Kind.HEADERS, s, priority_fields(s) + STREAM,
                                Flag.END_HEADERS | Flag.PRIORITY)), code=Code.PROTOCOL_ERROR),
    Attack("PRIORITY of a wrong length", called(lambda s: frame(Kind.PRIORITY, s, b"1234")),
           code=Code.FRAME_SIZE_ERROR),
    Attack("trailers that do not end", called(lambda s: headers(s, b"", end=False))),
    Attack("more body than content-length",
           each(lambda s: headers(s, STREAM + block(("content-length", "1")), end=False)
                + frame(Kind.DATA, s, b"xx"))),
    Attack("fields that HTTP/2 forbids",
           each(lambda s: headers(s, STREAM + block(("connection", "close"))))),
]

CONTROL_FRAMES = [
    Attack("SETTINGS", many(settings())),
    Attack("SETTINGS that change every window",
           many(settings(*[(Setting.INITIAL_WINDOW_SIZE, size) for size in range(1, 31)])),
           first=b"".join(headers(2 * n + 1, STREAM, end=False) for n in range(100))),
    Attack("SETTINGS that shrink and grow the table",
           many(settings((Setting.HEADER_TABLE_SIZE, 0), (Setting.HEADER_TABLE_SIZE, 4096)))),
    Attack("PING", many(ping())),
    Attack("answers to no PING", many(ping(flags=Flag.ACK))),
    Attack("PRIORITY", each(lambda s: priority(s, depends_on=s + 2, exclusive=True) * 100)),
    Attack("WINDOW_UPDATE of the connection", many(window_update(0, 1))),
    Attack("WINDOW_UPDATE of a stream", many(window_update(1, 1)), first=OPEN),
    Attack("WINDOW_UPDATE of a closed stream", many(window_update(1, 1)), first=CLOSED),
    Attack("DATA on a closed stream", many(frame(Kind.DATA, 1)), first=CLOSED,
           code=Code.STREAM_CLOSED),
    Attack("RST_STREAM of a closed stream", many(rst_stream(1)), first=CLOSED),
    Attack("frames of unknown types", many(frame(Kind.UNKNOWN, 0, b"x"))),
    Attack("GOAWAY", many(frame(Kind.GOAWAY, 0, bytes(8))), first=OPEN),
]

EMPTY_FRAMES = [
    Attack("empty DATA", many(frame(Kind.DATA, 1)), first=OPEN),
    Attack("DATA of padding only", many(frame(Kind.DATA, 1, b"\x03\0\0\0", Flag.PADDED)),
           first=OPEN),
    Attack("empty HEADERS", each(lambda s: headers(s, b"")), code=Code.PROTOCOL_ERROR),
    Attack("empty CONTINUATION", many(frame(Kind.CONTINUATION, 1)),
           first=frame(Kind.HEADERS, 1, CALL)),
]

HEADERS = [
    # CVE-2024-27316: a block that never ends.
    Attack("CONTINUATION", many(frame(Kind.CONTINUATION, 1, block(("x", "y" * 1_000)))),
           first=frame(Kind.HEADERS, 1, CALL)),
    # 4,000 bytes enter the table (RFC 7541, 6.2.1); every 0xBE (6.1) stands for them.
    Attack("HPACK bomb", each(lambda s: headers(
        s, CALL + b"\x40\x01x\x7f\xa1\x1e" + b"a" * 4_000 + b"\xbe" * 12_000))),
    Attack("HPACK bomb on a closed stream", many(headers(1, b"\xbe" * 16_000)),
           first=headers(1, CALL + b"\x40\x01x\x7f\xa1\x1e" + b"a" * 4_000) + rst_stream(1),
           code=Code.STREAM_CLOSED),
    # 0xA0 is an empty cookie of the static table.
    Attack("lists of many small fields", each(lambda s: headers(s, CALL + b"\xa0" * 300))),
    Attack("huge lists", each(lambda s: headers(s, CALL + block(("x", "y" * 100_000)))),
           code=Code.COMPRESSION_ERROR),
    Attack("lists just over the limit",
           each(lambda s: headers(s, CALL + block(("x", "y" * 17_000))))),
]


def garbage(number: int) -> bytes:
    return random.Random(SEED + number).randbytes(8_192)


GARBAGE = [
    Attack("garbage for a preface", garbage, hello=False, code=None),
    Attack("garbage after the preface", garbage, first=PREFACE, hello=False, is_any=True),
    Attack("garbage after the settings", garbage, is_any=True),
    Attack("HTTP/1.1", many(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), hello=False, code=None),
    Attack("TLS for plaintext", many(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), hello=False,
           code=None),
]


@pytest.mark.parametrize(
    "attack",
    RAPID_RESET + MADE_YOU_RESET + CONTROL_FRAMES + EMPTY_FRAMES + HEADERS + GARBAGE, ids=str)
def test_a_flood_ends_its_connection_and_disturbs_nobody(server, neighbour, attack):
    first, outcomes = neighbour.undisturbed(
        server, lambda: (paced(server, attack), storm(server, attack)))
    slowest = max(outcome.seconds for outcome in outcomes)
    print(f"{first}; {len(outcomes)} connections more, the slowest {slowest:.3f} s")
    assert attack.is_any or first.goaway == attack.code
