"""RFC 9113, sections 3.4, 4 and 6: frames that are wrong, and frames that must be ignored. h2spec's
`http2`, sections 3.5, 4 and 6 (it numbers after RFC 7540)."""

import pytest

from cases import (
    GET, OPEN, POST, WHOLE, Case, answered, begun, connection_error, continuation, data, ignored,
    stream_error, table)
from raw import (
    PREFACE, Code, Flag, Kind, RawClient, Setting, block, frame, headers, ping, priority,
    rst_stream, settings, window_update)

PROTOCOL_ERROR = connection_error(Code.PROTOCOL_ERROR)
FRAME_SIZE_ERROR = connection_error(Code.FRAME_SIZE_ERROR)
FLOW_CONTROL_ERROR = connection_error(Code.FLOW_CONTROL_ERROR)
MAX_FRAME, MAX_WINDOW = 1 << 14, (1 << 31) - 1


def reserved(bytes_of_frame: bytes) -> bytes:
    """The same frame with the reserved bit before the stream set."""
    return bytes_of_frame[:5] + bytes([bytes_of_frame[5] | 0x80]) + bytes_of_frame[6:]


def one_byte_at_a_time(client: RawClient) -> None:
    """Under a window of one byte the first DATA frame has one."""
    while not client.answers.get(1) or not client.answers[1].body:
        client.read()
    assert len(client.answers[1].body) == 1
    client.send(window_update(1, 1_000))
    answered()(client)


def negative_window(client: RawClient) -> None:
    """Three bytes have come; then the window is two, less those three."""
    while not client.answers.get(1) or len(client.answers[1].body) < 3:
        client.read()
    client.send(settings((Setting.INITIAL_WINDOW_SIZE, 2)), window_update(1, 1))
    client.check_alive()
    assert len(client.answers[1].body) == 3
    client.send(window_update(1, 1))
    while len(client.answers[1].body) < 4:
        client.read()
    assert len(client.answers[1].body) == 4


def acknowledged(client: RawClient) -> None:
    before = client.acknowledged
    client.send(settings())
    while client.acknowledged < before + 2:
        client.read()


def ponged(client: RawClient) -> None:
    while client.pongs != [b"01234567"]:
        client.read()


def silent(client: RawClient) -> None:
    client.check_alive()
    assert client.pongs == [b"alive???"]


FORMAT = [
    Case("http2/4.1/1", "4.1: a frame of an unknown type",
         frame(Kind.UNKNOWN, 0, bytes(8)), ignored),
    Case("http2/4.1/2", "4.1: flags that are not defined",
         ping(flags=0xF6), ignored),
    Case("http2/4.1/3", "4.1: the reserved bit", reserved(ping()), ignored),
    Case("http2/4.2/1", "4.2: DATA of 2^14 bytes", OPEN + data(1, bytes(MAX_FRAME), end=True),
         answered()),
    Case("http2/4.2/2", "4.2: DATA of more than SETTINGS_MAX_FRAME_SIZE",
         OPEN + data(1, bytes(MAX_FRAME + 1), end=True), stream_error(1, Code.FRAME_SIZE_ERROR)),
    Case("http2/4.2/3", "4.2: HEADERS of more than SETTINGS_MAX_FRAME_SIZE",
         frame(Kind.HEADERS, 1, GET + bytes(MAX_FRAME), Flag.END_HEADERS | Flag.END_STREAM),
         FRAME_SIZE_ERROR),
    Case("http2/4.3/1", "4.3: a header block that cannot be decoded",
         headers(1, b"\x00\x00\x00\x00\x00"), connection_error(
             Code.COMPRESSION_ERROR, Code.PROTOCOL_ERROR)),
    Case("http2/4.3/2", "4.3: PRIORITY within a header block",
         begun(1, GET) + priority(1) + continuation(1, b""), PROTOCOL_ERROR),
    Case("http2/4.3/3", "4.3: HEADERS of another stream within a header block",
         begun(1, GET) + headers(3, GET), PROTOCOL_ERROR),
]

DATA = [
    Case("http2/6.1/1", "6.1: DATA on stream 0", data(0), PROTOCOL_ERROR),
    Case("http2/6.1/2", "6.1: DATA on a stream that is not open",
         WHOLE + data(1), stream_error(1, Code.STREAM_CLOSED)),
    Case("http2/6.1/3", "6.1: padding longer than the frame",
         OPEN + frame(Kind.DATA, 1, b"\x06test", Flag.PADDED | Flag.END_STREAM), PROTOCOL_ERROR),
]

HEADERS = [
    Case("http2/6.2/1", "6.2: PRIORITY within a header block",
         begun(1, GET) + priority(1), PROTOCOL_ERROR),
    Case("http2/6.2/2", "6.2: HEADERS of another stream within a header block",
         begun(1, GET) + headers(3, GET), PROTOCOL_ERROR),
    Case("http2/6.2/3", "6.2: HEADERS on stream 0", headers(0, GET), PROTOCOL_ERROR),
    Case("http2/6.2/4", "6.2: padding longer than the frame",
         frame(Kind.HEADERS, 1, b"\xff" + GET, Flag.END_HEADERS | Flag.END_STREAM | Flag.PADDED),
         PROTOCOL_ERROR),
]

PRIORITY = [
    Case("http2/6.3/1", "6.3: PRIORITY on stream 0", priority(0), PROTOCOL_ERROR),
    Case("http2/6.3/2", "6.3: PRIORITY of a length other than 5",
         OPEN + frame(Kind.PRIORITY, 1, bytes(4)), stream_error(1, Code.FRAME_SIZE_ERROR)),
]

RST_STREAM = [
    Case("http2/6.4/1", "6.4: RST_STREAM on stream 0", rst_stream(0), PROTOCOL_ERROR),
    Case("http2/6.4/2", "6.4: RST_STREAM on an idle stream", rst_stream(1), PROTOCOL_ERROR),
    Case("http2/6.4/3", "6.4: RST_STREAM of a length other than 4",
         OPEN + frame(Kind.RST_STREAM, 1, bytes(3)), FRAME_SIZE_ERROR),
]

SETTINGS = [
    Case("http2/6.5/1", "6.5: an acknowledgement with a payload",
         frame(Kind.SETTINGS, 0, bytes(1), Flag.ACK), FRAME_SIZE_ERROR),
    Case("http2/6.5/2", "6.5: SETTINGS on a stream",
         frame(Kind.SETTINGS, 1, bytes(6)), PROTOCOL_ERROR),
    Case("http2/6.5/3", "6.5: SETTINGS of a length that is no multiple of 6",
         frame(Kind.SETTINGS, 0, bytes(5)), FRAME_SIZE_ERROR),
    Case("http2/6.5.2/1", "6.5.2: SETTINGS_ENABLE_PUSH other than 0 or 1",
         settings((Setting.ENABLE_PUSH, 2)), PROTOCOL_ERROR),
    Case("http2/6.5.2/2", "6.5.2: SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1",
         settings((Setting.INITIAL_WINDOW_SIZE, 1 << 31)), FLOW_CONTROL_ERROR),
    Case("http2/6.5.2/3", "6.5.2: SETTINGS_MAX_FRAME_SIZE below 2^14",
         settings((Setting.MAX_FRAME_SIZE, MAX_FRAME - 1)), PROTOCOL_ERROR),
    Case("http2/6.5.2/4", "6.5.2: SETTINGS_MAX_FRAME_SIZE above 2^24-1",
         settings((Setting.MAX_FRAME_SIZE, 1 << 24)), PROTOCOL_ERROR),
    Case("http2/6.5.2/5", "6.5.2: an unknown setting", settings((0xFF, 1)), ignored),
    Case("http2/6.5.3/1", "6.5.3: several values of one setting take effect in order",
         settings((Setting.INITIAL_WINDOW_SIZE, 100), (Setting.INITIAL_WINDOW_SIZE, 1)) + WHOLE,
         one_byte_at_a_time),
    Case("http2/6.5.3/2", "6.5.3: SETTINGS are acknowledged", settings(), acknowledged),
]

PING = [
    Case("http2/6.7/1", "6.7: PING is answered with its payload", ping(), ponged),
    Case("http2/6.7/2", "6.7: the answer to a PING is not answered", ping(flags=Flag.ACK), silent),
    Case("http2/6.7/3", "6.7: PING on a stream", frame(Kind.PING, 1, bytes(8)), PROTOCOL_ERROR),
    Case("http2/6.7/4", "6.7: PING of a length other than 8",
         frame(Kind.PING, 0, bytes(6)), FRAME_SIZE_ERROR),
    Case("http2/6.8/1", "6.8: GOAWAY on a stream", frame(Kind.GOAWAY, 1, bytes(8)), PROTOCOL_ERROR),
]

WINDOW_UPDATE = [
    Case("http2/6.9/1", "6.9: an increment of 0", window_update(0, 0), PROTOCOL_ERROR),
    Case("http2/6.9/2", "6.9: an increment of 0 on a stream",
         OPEN + window_update(1, 0), stream_error(1, Code.PROTOCOL_ERROR)),
    Case("http2/6.9/3", "6.9: a length other than 4",
         frame(Kind.WINDOW_UPDATE, 0, bytes(3)), FRAME_SIZE_ERROR),
    Case("http2/6.9.1/1", "6.9.1: no more is sent than the window allows",
         settings((Setting.INITIAL_WINDOW_SIZE, 1)) + WHOLE, one_byte_at_a_time),
    Case("http2/6.9.1/2", "6.9.1: the connection's window over 2^31-1",
         window_update(0, MAX_WINDOW) * 2, FLOW_CONTROL_ERROR),
    Case("http2/6.9.1/3", "6.9.1: a stream's window over 2^31-1",
         OPEN + window_update(1, MAX_WINDOW) * 2, stream_error(1, Code.FLOW_CONTROL_ERROR)),
    Case("http2/6.9.2/1", "6.9.2: a change of the initial window reaches open streams",
         settings((Setting.INITIAL_WINDOW_SIZE, 0)) + WHOLE
         + settings((Setting.INITIAL_WINDOW_SIZE, 1)), one_byte_at_a_time),
    Case("http2/6.9.2/2", "6.9.2: a window may become negative",
         settings((Setting.INITIAL_WINDOW_SIZE, 3)) + WHOLE, negative_window),
    Case("http2/6.9.2/3", "6.9.2: SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1",
         settings((Setting.INITIAL_WINDOW_SIZE, 1 << 31)), FLOW_CONTROL_ERROR),
]

CONTINUATION = [
    Case("http2/6.10/1", "6.10: several CONTINUATION frames",
         begun(1, GET) + continuation(1, block(("a", "b")), end=False)
         + continuation(1, block(("c", "d"))), answered()),
    Case("http2/6.10/2", "6.10: another frame within a header block",
         begun(1, POST, end=False) + data(1), PROTOCOL_ERROR),
    Case("http2/6.10/3", "6.10: CONTINUATION on stream 0",
         begun(1, GET) + continuation(0, b""), PROTOCOL_ERROR),
    Case("http2/6.10/4", "6.10: CONTINUATION after HEADERS that end their block",
         OPEN + continuation(1, b""), PROTOCOL_ERROR),
    Case("http2/6.10/5", "6.10: CONTINUATION after CONTINUATION that ends its block",
         begun(1, POST, end=False) + continuation(1, b"") * 2, PROTOCOL_ERROR),
    Case("http2/6.10/6", "6.10: CONTINUATION after DATA",
         OPEN + data(1) + continuation(1, b""), PROTOCOL_ERROR),
]


@table(
    FORMAT + DATA + HEADERS + PRIORITY + RST_STREAM + SETTINGS + PING + WINDOW_UPDATE
    + CONTINUATION)
def test_frames(server, case):
    case.run(server)


def test_http2_3_5_1_a_preface_is_answered_with_settings(server):
    """RFC 9113, 3.4."""
    with RawClient(server) as client:
        assert client.server_settings[Setting.MAX_CONCURRENT_STREAMS] > 0


@pytest.mark.parametrize("preface", [b"INVALID CONNECTION PREFACE\r\n\r\n", PREFACE[:-1] + b"x"])
def test_http2_3_5_2_a_wrong_preface_ends_the_connection(server, preface):
    """RFC 9113, 3.4: a connection error; GOAWAY may be left out."""
    with RawClient(server, hello=False) as client:
        client.send(preface)
        PROTOCOL_ERROR(client)

