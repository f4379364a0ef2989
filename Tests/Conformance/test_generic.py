"""What every server must do with right HTTP/2 (RFC 9113) and HPACK (RFC 7541); h2spec's
`generic`."""

from cases import (
    GET, HEAD, OPEN, WHOLE, Case, answered, begun, continuation, data, ignored, table)
from raw import (
    PREFACE, Code, Flag, Kind, RawClient, Setting, block, frame, headers, ping, priority,
    priority_fields, rst_stream, settings, window_update)

# Field names and values in RFC 7541's static table: 2 is `:method: GET`, 60 is `via`.
STATIC_GET, VIA = 2, 60
NEW_NAME = b"\x04test\x05value"
VALUE = b"\x05value"
# "value" in Huffman's code (RFC 7541, appendix B).
HUFFMAN = b"\x84\xee\x3a\x2d\x2f"
HUFFMAN_NAME = b"\x83\x49\x50\x9f"
PSEUDO = block((":scheme", "http"), (":path", "/"), (":authority", "test"))


def get(*, field: bytes = b"", first: bytes = b"") -> bytes:
    """GET of `/` with one field more, or something before all."""
    return headers(1, first + GET + field)


def last_answer(client: RawClient) -> None:
    """What was asked before is still answered."""
    assert client.answer(1).headers[":status"] == "200"


CASES = [
    Case("generic/2/1", "5.1: PRIORITY on an idle stream", priority(1) + WHOLE, answered()),
    Case("generic/2/2", "5.1: WINDOW_UPDATE on a half-closed (remote) stream",
         WHOLE + window_update(1, 1), answered()),
    Case("generic/2/3", "5.1: PRIORITY on a half-closed (remote) stream",
         WHOLE + priority(1), answered()),
    Case("generic/2/4", "5.1: RST_STREAM on a half-closed (remote) stream",
         WHOLE + rst_stream(1), ignored),
    Case("generic/2/5", "5.1: PRIORITY on a closed stream",
         OPEN + rst_stream(1) + priority(1), ignored),
    Case("generic/3.1/1", "6.1: a DATA frame", OPEN + data(1, end=True), answered()),
    Case("generic/3.1/2", "6.1: several DATA frames",
         OPEN + data(1) + data(1) + data(1, end=True), answered()),
    Case("generic/3.1/3", "6.1: a DATA frame with padding",
         OPEN + data(1, end=True, padding=8), answered()),
    Case("generic/3.2/1", "6.2: a HEADERS frame", WHOLE, answered()),
    Case("generic/3.2/2", "6.2: a HEADERS frame with padding",
         frame(Kind.HEADERS, 1, b"\x08" + GET + bytes(8),
               Flag.END_HEADERS | Flag.END_STREAM | Flag.PADDED), answered()),
    Case("generic/3.2/3", "6.2: a HEADERS frame with priority",
         frame(Kind.HEADERS, 1, priority_fields(0) + GET,
               Flag.END_HEADERS | Flag.END_STREAM | Flag.PRIORITY), answered()),
    Case("generic/3.3/1", "6.3: PRIORITY of weight 1", priority(1, weight=1) + WHOLE, answered()),
    Case("generic/3.3/2", "6.3: PRIORITY of weight 256",
         priority(1, weight=256) + WHOLE, answered()),
    Case("generic/3.3/3", "6.3: PRIORITY with a dependency",
         priority(1, depends_on=3) + WHOLE, answered()),
    Case("generic/3.3/4", "6.3: PRIORITY with an exclusive dependency",
         priority(1, depends_on=3, exclusive=True) + WHOLE, answered()),
    Case("generic/3.3/5", "5.1.1: PRIORITY on an idle stream, then a request on a lower one",
         priority(7) + WHOLE, answered()),
    Case("generic/3.4/1", "6.4: RST_STREAM", OPEN + rst_stream(1), ignored),
    Case("generic/3.5/1", "6.5: SETTINGS", settings((Setting.INITIAL_WINDOW_SIZE, 100)), ignored),
    Case("generic/3.7/1", "6.7: PING", ping(), ignored),
    Case("generic/3.8/1", "6.8: GOAWAY after a request",
         WHOLE + frame(Kind.GOAWAY, 0, bytes(8)),
         last_answer),
    Case("generic/3.9/1", "6.9: WINDOW_UPDATE of the connection",
         window_update(0, 1) + WHOLE, answered()),
    Case("generic/3.9/2", "6.9: WINDOW_UPDATE of a stream",
         OPEN + window_update(1, 1) + data(1, end=True), answered()),
    Case("generic/3.10/1", "6.10: a CONTINUATION frame",
         begun(1, GET[:10]) + continuation(1, GET[10:]), answered()),
    Case("generic/3.10/2", "6.10: several CONTINUATION frames",
         begun(1, GET[:10]) + continuation(1, GET[10:20], end=False) + continuation(1, GET[20:]),
         answered()),
    Case("generic/4/1", "8.1: GET", WHOLE, answered()),
    Case("generic/4/2", "8.1: HEAD, which interop-server has no page for",
         headers(1, HEAD), answered(status="405")),
    Case("generic/4/3", "8.1: POST", OPEN + data(1, b"body", end=True), answered()),
    Case("generic/4/4", "8.1: POST with trailers",
         OPEN + data(1, b"body") + headers(1, block(("x", "y"))), answered()),
    Case("generic/5/1", "6.1: an indexed field",
         headers(1, bytes([0x80 | STATIC_GET]) + PSEUDO), answered()),
    Case("generic/5/2", "6.2.1: a literal with indexing, indexed name",
         get(field=bytes([0x40 | VIA]) + VALUE), answered()),
    Case("generic/5/3", "6.2.1: the same in Huffman's code",
         get(field=bytes([0x40 | VIA]) + HUFFMAN), answered()),
    Case("generic/5/4", "6.2.1: a literal with indexing, new name",
         get(field=b"\x40" + NEW_NAME), answered()),
    Case("generic/5/5", "6.2.1: the same in Huffman's code",
         get(field=b"\x40" + HUFFMAN_NAME + HUFFMAN), answered()),
    Case("generic/5/6", "6.2.2: a literal without indexing, indexed name",
         get(field=b"\x0f" + bytes([VIA - 15]) + VALUE), answered()),
    Case("generic/5/7", "6.2.2: the same in Huffman's code",
         get(field=b"\x0f" + bytes([VIA - 15]) + HUFFMAN), answered()),
    Case("generic/5/8", "6.2.2: a literal without indexing, new name",
         get(field=b"\x00" + NEW_NAME), answered()),
    Case("generic/5/9", "6.2.2: the same in Huffman's code",
         get(field=b"\x00" + HUFFMAN_NAME + HUFFMAN), answered()),
    Case("generic/5/10", "6.2.3: a literal never indexed, indexed name",
         get(field=b"\x1f" + bytes([VIA - 15]) + VALUE), answered()),
    Case("generic/5/11", "6.2.3: the same in Huffman's code",
         get(field=b"\x1f" + bytes([VIA - 15]) + HUFFMAN), answered()),
    Case("generic/5/12", "6.2.3: a literal never indexed, new name",
         get(field=b"\x10" + NEW_NAME), answered()),
    Case("generic/5/13", "6.2.3: the same in Huffman's code",
         get(field=b"\x10" + HUFFMAN_NAME + HUFFMAN), answered()),
    Case("generic/5/14", "6.3: a change of the dynamic table's size",
         get(first=b"\x20"), answered()),
    Case("generic/5/15", "6.3: several changes of the dynamic table's size",
         get(first=b"\x20\x3f\xe1\x1f"), answered()),
]


@table(CASES)
def test_right_frames_are_understood(server, case):
    case.run(server)


def test_generic_1_1_the_connection_begins_with_the_preface_and_settings(server):
    """RFC 9113, 3.4: the server's first frame is SETTINGS, and it acknowledges the client's."""
    with RawClient(server, hello=False) as client:
        client.send(PREFACE, settings())
        assert client.read().type == Kind.SETTINGS
        while client.acknowledged == 0:
            client.read()
        assert client.goaway in (None, Code.NO_ERROR)

