"""What a conformance case is made of: frames that are sent, and what the server must do about them.

The cases are numbered as h2spec numbers its own, so that the two can be held side by side; each is
written from the section of the RFC that it names."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from raw import Closed, Code, Flag, Kind, RawClient, block, frame, headers

GET = block((":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "test"))
POST = block((":method", "POST"), (":scheme", "http"), (":path", "/"), (":authority", "test"))
HEAD = block((":method", "HEAD"), (":scheme", "http"), (":path", "/"), (":authority", "test"))

# A request on stream 1 whose body is still to come, and a whole one.
OPEN = headers(1, POST, end=False)
WHOLE = headers(1, GET)


@dataclass(frozen=True)
class Case:
    """`frames` are sent after the settings have been exchanged; `expect` judges what comes."""

    number: str
    what: str
    frames: bytes | Callable[[RawClient], bytes]
    expect: Callable[[RawClient], None]
    # Why the server is known not to do so.
    differs: str = ""

    def __str__(self) -> str:
        return f"{self.number} {self.what}"

    def run(self, server) -> None:
        with RawClient(server) as client:
            client.send(self.frames if isinstance(self.frames, bytes) else self.frames(client))
            self.expect(client)


def table(cases: list[Case]):
    """The cases as parameters; those that are known to differ must fail."""
    return pytest.mark.parametrize(
        "case",
        [
            pytest.param(
                case, id=str(case),
                marks=[pytest.mark.xfail(reason=case.differs, strict=True)] if case.differs else [])
            for case in cases
        ],
    )


def connection_error(*codes: Code) -> Callable[[RawClient], None]:
    """RFC 9113, 5.4.1: GOAWAY with one of these codes, then the end; the GOAWAY may be left out."""

    def expect(client: RawClient) -> None:
        client.until_closed()
        assert client.goaway is None or client.goaway in codes, f"GOAWAY {client.goaway}"

    return expect


def stream_error(stream: int, *codes: Code) -> Callable[[RawClient], None]:
    """RFC 9113, 5.4.2: RST_STREAM with one of these codes, or as 5.4.1 (every stream error may be
    treated as a connection error)."""

    def expect(client: RawClient) -> None:
        try:
            reset = client.answer(stream).reset
        except Closed:
            assert client.goaway is None or client.goaway in codes, f"GOAWAY {client.goaway}"
            return
        assert reset in codes, f"RST_STREAM {reset}"
        client.check_alive()

    return expect


def answered(stream: int = 1, status: str = "200") -> Callable[[RawClient], None]:
    """The stream has a whole answer, and the connection works."""

    def expect(client: RawClient) -> None:
        answer = client.answer(stream)
        assert answer.headers[":status"] == status
        assert answer.reset is None
        client.check_alive()

    return expect


def ignored(client: RawClient) -> None:
    """The connection works as if nothing had been sent."""
    client.check_alive()
    client.send(headers(101, GET))
    assert client.answer(101).headers[":status"] == "200"
    assert client.goaway is None


def data(stream: int, content: bytes = b"x", *, end: bool = False, padding: int | None = None):
    """A DATA frame."""
    flags = Flag.END_STREAM if end else Flag.NONE
    if padding is None:
        return frame(Kind.DATA, stream, content, flags)
    content = bytes([padding]) + content + bytes(padding)
    return frame(Kind.DATA, stream, content, flags | Flag.PADDED)


def continuation(stream: int, fragment: bytes, *, end: bool = True) -> bytes:
    return frame(Kind.CONTINUATION, stream, fragment, Flag.END_HEADERS if end else Flag.NONE)


def begun(stream: int, fragment: bytes, *, end: bool = True) -> bytes:
    """HEADERS whose block goes on in CONTINUATION."""
    return frame(Kind.HEADERS, stream, fragment, Flag.END_STREAM if end else Flag.NONE)

