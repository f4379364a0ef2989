"""RFC 9113, sections 5, 7 and 8: the life of streams, and requests that are malformed. h2spec's
`http2`, sections 5, 7 and 8 (it numbers after RFC 7540)."""

from cases import (
    GET, OPEN, POST, WHOLE, Case, connection_error, continuation, data, ignored, stream_error,
    table)
from raw import (
    Code, Flag, Kind, RawClient, Setting, block, frame, headers, priority, priority_fields,
    rst_stream, window_update)

PROTOCOL_ERROR = connection_error(Code.PROTOCOL_ERROR)
STREAM_CLOSED = stream_error(1, Code.STREAM_CLOSED)
MALFORMED = stream_error(1, Code.PROTOCOL_ERROR)
RESET = OPEN + rst_stream(1)


def after_the_end(frames: bytes):
    """The stream has been asked and answered, and so is closed; then come the frames."""

    def send(client: RawClient) -> bytes:
        client.send(WHOLE)
        client.answer(1)
        client.answers[1].is_ended = False
        return frames

    return send


def too_many(client: RawClient) -> bytes:
    """One stream more than SETTINGS_MAX_CONCURRENT_STREAMS, none of them ended."""
    count = client.server_settings[Setting.MAX_CONCURRENT_STREAMS] + 1
    return b"".join(headers(2 * number + 1, POST, end=False) for number in range(count))


def one_is_refused(client: RawClient) -> None:
    last = 2 * client.server_settings[Setting.MAX_CONCURRENT_STREAMS] + 1
    stream_error(last, Code.PROTOCOL_ERROR, Code.REFUSED_STREAM)(client)


def last_answer(client: RawClient) -> None:
    """What was asked before is still answered."""
    assert client.answer(1).headers[":status"] == "200"


def request(*extra: tuple[str, str], without: str = "", **changes: str) -> bytes:
    """GET of `/`, changed."""
    fields = {":method": "GET", ":scheme": "http", ":path": "/", ":authority": "test"}
    fields.update({f":{name}": value for name, value in changes.items()})
    fields.pop(without, None)
    return headers(1, block(*fields.items(), *extra))


STATES = [
    Case("http2/5.1/1", "5.1: DATA on an idle stream", data(1), PROTOCOL_ERROR),
    Case("http2/5.1/2", "5.1: RST_STREAM on an idle stream", rst_stream(1), PROTOCOL_ERROR),
    Case("http2/5.1/3", "5.1: WINDOW_UPDATE on an idle stream",
         window_update(1, 1), PROTOCOL_ERROR),
    Case("http2/5.1/4", "5.1: CONTINUATION on an idle stream",
         continuation(1, GET), PROTOCOL_ERROR),
    Case("http2/5.1/5", "5.1: DATA on a half-closed (remote) stream",
         WHOLE + data(1), STREAM_CLOSED),
    Case("http2/5.1/6", "5.1: HEADERS on a half-closed (remote) stream", WHOLE * 2, STREAM_CLOSED),
    Case("http2/5.1/7", "5.1: CONTINUATION on a half-closed (remote) stream",
         WHOLE + continuation(1, b""), stream_error(1, Code.STREAM_CLOSED, Code.PROTOCOL_ERROR)),
    Case("http2/5.1/8", "5.1: DATA after RST_STREAM", RESET + data(1), STREAM_CLOSED),
    Case("http2/5.1/9", "5.1: HEADERS after RST_STREAM", RESET + headers(1, GET), STREAM_CLOSED),
    Case("http2/5.1/10", "5.1: CONTINUATION after RST_STREAM",
         RESET + continuation(1, b""), stream_error(1, Code.STREAM_CLOSED, Code.PROTOCOL_ERROR)),
    Case("http2/5.1/11", "5.1: DATA on a closed stream", after_the_end(data(1)), STREAM_CLOSED),
    Case("http2/5.1/12", "5.1: HEADERS on a closed stream",
         after_the_end(headers(1, GET)), STREAM_CLOSED),
    Case("http2/5.1/13", "5.1: CONTINUATION on a closed stream",
         after_the_end(continuation(1, b"")),
         connection_error(Code.STREAM_CLOSED, Code.PROTOCOL_ERROR)),
    Case("http2/5.1.1/1", "5.1.1: an even stream number", headers(2, GET), PROTOCOL_ERROR),
    Case("http2/5.1.1/2", "5.1.1: a number lower than that of an earlier stream",
         headers(5, GET) + headers(3, GET), PROTOCOL_ERROR,
         differs="libnghttp2 ignores it: it may be trailers of a stream that it has just reset"),
    Case("http2/5.1.2/1", "5.1.2: more streams than SETTINGS_MAX_CONCURRENT_STREAMS",
         too_many, one_is_refused),
    Case("http2/5.3.1/1", "RFC 7540, 5.3.1: HEADERS that depend on themselves",
         frame(Kind.HEADERS, 1, priority_fields(1) + GET,
               Flag.END_HEADERS | Flag.END_STREAM | Flag.PRIORITY), MALFORMED),
    Case("http2/5.3.1/2", "RFC 7540, 5.3.1: PRIORITY that depends on itself",
         OPEN + priority(1, depends_on=1), MALFORMED,
         differs="RFC 9113 has no such rule any more, and libnghttp2 ignores priorities because we "
         "announce SETTINGS_NO_RFC7540_PRIORITIES (RFC 9218, 2.1)"),
    Case("http2/5.4.1/1", "5.4.1: after a connection error the connection ends",
         frame(Kind.PING, 0, bytes(6)), connection_error(Code.FRAME_SIZE_ERROR)),
    Case("http2/5.4.1/2", "5.4.1: before it ends, GOAWAY tells why", frame(Kind.PING, 1, bytes(8)),
         PROTOCOL_ERROR),
    Case("http2/5.5/1", "5.5: a frame of an unknown type",
         frame(Kind.UNKNOWN, 0, bytes(8)), ignored),
    Case("http2/5.5/2", "5.5: a frame of an unknown type within a header block",
         frame(Kind.HEADERS, 1, GET, Flag.END_STREAM) + frame(Kind.UNKNOWN, 0, bytes(8))
         + continuation(1, b""), PROTOCOL_ERROR),
    Case("http2/7/1", "7: GOAWAY with an unknown error code",
         OPEN + frame(Kind.GOAWAY, 0, bytes(4) + b"\0\0\0\xff") + data(1, end=True), last_answer),
    Case("http2/7/2", "7: RST_STREAM with an unknown error code",
         OPEN + rst_stream(1, 0xFF), ignored),
]

REQUESTS = [
    Case("http2/8.1/1", "8.1: a second HEADERS that does not end the stream",
         OPEN + headers(1, POST, end=False), MALFORMED),
    Case("http2/8.1.2/1", "8.2.1: an upper-case name", request(("X-TEST", "ok")), MALFORMED),
    Case("http2/8.1.2.1/1", "8.3: an unknown pseudo-header field",
         headers(1, GET + block((":test", "ok"))), MALFORMED),
    Case("http2/8.1.2.1/2", "8.3: a pseudo-header field of answers",
         headers(1, GET + block((":status", "200"))), MALFORMED),
    Case("http2/8.1.2.1/3", "8.1: a pseudo-header field in trailers",
         OPEN + data(1) + headers(1, block((":method", "GET"))), MALFORMED),
    Case("http2/8.1.2.1/4", "8.3: a pseudo-header field after others",
         headers(1, block(("x", "y")) + GET), MALFORMED),
    Case("http2/8.1.2.2/1", "8.2.2: a field of a connection",
         request(("connection", "keep-alive")), MALFORMED),
    Case("http2/8.1.2.2/2", "8.2.2: TE other than trailers",
         request(("trailers", "test"), ("te", "trailers, deflate")), MALFORMED),
    Case("http2/8.1.2.3/1", "8.3.1: an empty path", request(path=""), MALFORMED),
    Case("http2/8.1.2.3/2", "8.3.1: no method", request(without=":method"), MALFORMED),
    Case("http2/8.1.2.3/3", "8.3.1: no scheme", request(without=":scheme"), MALFORMED),
    Case("http2/8.1.2.3/4", "8.3.1: no path", request(without=":path"), MALFORMED),
    Case("http2/8.1.2.3/5", "8.3.1: two methods", request((":method", "GET")), MALFORMED),
    Case("http2/8.1.2.3/6", "8.3.1: two schemes", request((":scheme", "http")), MALFORMED),
    Case("http2/8.1.2.3/7", "8.3.1: two paths", request((":path", "/")), MALFORMED),
    Case("http2/8.1.2.6/1", "8.1.1: content-length that is not the body's length",
         headers(1, POST + block(("content-length", "1")), end=False) + data(1, b"test", end=True),
         MALFORMED),
    Case("http2/8.1.2.6/2", "8.1.1: the same over several DATA frames",
         headers(1, POST + block(("content-length", "1")), end=False) + data(1, b"test")
         + data(1, b"test", end=True), MALFORMED),
    Case("http2/8.2/1", "8.4: PUSH_PROMISE from a client",
         frame(Kind.PUSH_PROMISE, 1, b"\0\0\0\2" + GET, Flag.END_HEADERS), PROTOCOL_ERROR),
]


@table(STATES)
def test_states(server, case):
    case.run(server)


@table(REQUESTS)
def test_requests(server, case):
    case.run(server)

