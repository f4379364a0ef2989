"""An HTTP/2 client one frame at a time, for what no library would send: frames are written here as
bytes, right or wrong, and read with PyPI's hyperframe and hpack."""

import enum
import socket
import struct
from dataclasses import dataclass, field

import hpack
from hyperframe.frame import Frame

TIMEOUT_SECONDS = 10
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"


class Kind(enum.IntEnum):
    """Frame types, RFC 9113, section 6."""

    DATA = 0
    HEADERS = 1
    PRIORITY = 2
    RST_STREAM = 3
    SETTINGS = 4
    PUSH_PROMISE = 5
    PING = 6
    GOAWAY = 7
    WINDOW_UPDATE = 8
    CONTINUATION = 9
    UNKNOWN = 0xBE


class Flag(enum.IntFlag):
    """Frame flags, RFC 9113, section 6."""

    NONE = 0
    ACK = 0x1
    END_STREAM = 0x1
    END_HEADERS = 0x4
    PADDED = 0x8
    PRIORITY = 0x20


class Code(enum.IntEnum):
    """Error codes, RFC 9113, section 7."""

    NO_ERROR = 0
    PROTOCOL_ERROR = 1
    INTERNAL_ERROR = 2
    FLOW_CONTROL_ERROR = 3
    STREAM_CLOSED = 5
    FRAME_SIZE_ERROR = 6
    REFUSED_STREAM = 7
    CANCEL = 8
    COMPRESSION_ERROR = 9
    ENHANCE_YOUR_CALM = 11


class Setting(enum.IntEnum):
    """Settings, RFC 9113, section 6.5.2."""

    HEADER_TABLE_SIZE = 1
    ENABLE_PUSH = 2
    MAX_CONCURRENT_STREAMS = 3
    INITIAL_WINDOW_SIZE = 4
    MAX_FRAME_SIZE = 5
    MAX_HEADER_LIST_SIZE = 6


def frame(kind: int, stream: int = 0, payload: bytes = b"", flags: int = 0) -> bytes:
    """A frame, whether it makes sense or not."""
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def headers(stream: int, fragment: bytes, *, end: bool = True) -> bytes:
    """A header block, in as many frames as it needs."""
    pieces = [fragment[at : at + 16_384] for at in range(0, len(fragment), 16_384)] or [b""]
    frames = b""
    for number, piece in enumerate(pieces):
        flags = Flag.END_HEADERS if number == len(pieces) - 1 else Flag.NONE
        if number == 0 and end:
            flags |= Flag.END_STREAM
        frames += frame(Kind.HEADERS if number == 0 else Kind.CONTINUATION, stream, piece, flags)
    return frames


def settings(*pairs: tuple[int, int]) -> bytes:
    return frame(Kind.SETTINGS, payload=b"".join(struct.pack(">HI", *pair) for pair in pairs))


def window_update(stream: int, increment: int) -> bytes:
    return frame(Kind.WINDOW_UPDATE, stream, struct.pack(">I", increment))


def rst_stream(stream: int, code: int = Code.CANCEL) -> bytes:
    return frame(Kind.RST_STREAM, stream, struct.pack(">I", code))


def priority(stream: int, depends_on: int = 0, weight: int = 16, exclusive: bool = False) -> bytes:
    return frame(Kind.PRIORITY, stream, priority_fields(depends_on, weight, exclusive))


def priority_fields(depends_on: int, weight: int = 16, exclusive: bool = False) -> bytes:
    return struct.pack(">IB", depends_on | exclusive << 31, weight - 1)


def ping(payload: bytes = b"01234567", flags: int = 0) -> bytes:
    return frame(Kind.PING, payload=payload, flags=flags)


def message(content: bytes, flag: int = 0) -> bytes:
    """A gRPC message with its prefix."""
    return struct.pack(">BI", flag, len(content)) + content


def block(*fields: tuple[str, str]) -> bytes:
    """Header fields as literals that enter no table, so that blocks stand for themselves."""
    return b"".join(
        b"\x00" + _string(name.encode()) + _string(value.encode()) for name, value in fields)


def _string(text: bytes) -> bytes:
    """RFC 7541, sections 5.1 and 5.2, without Huffman's code."""
    length, octets = len(text), b""
    if length < 127:
        return bytes([length]) + text
    length -= 127
    while length >= 128:
        octets += bytes([length % 128 + 128])
        length //= 128
    return b"\x7f" + octets + bytes([length]) + text


@dataclass
class Answer:
    """What came on one stream."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trailers: dict[str, str] = field(default_factory=dict)
    reset: int | None = None
    is_ended: bool = False

    @property
    def status(self) -> str | None:
        """The call's gRPC status, wherever it stood."""
        return self.trailers.get("grpc-status", self.headers.get("grpc-status"))


class Closed(Exception):
    """The server has closed the connection."""


class RawClient:
    """A connection; `hello` says whether the preface and settings have been exchanged."""

    def __init__(
        self, server, *, hello: bool = True, own_settings: bytes = settings(),
        source: str = "127.0.0.1",
    ):
        self.socket = socket.create_connection(
            (server.host, server.port), TIMEOUT_SECONDS, (source, 0))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.buffer = b""
        self.decoder = hpack.Decoder()
        self.decoder.max_allowed_table_size = 65_536
        self.answers: dict[int, Answer] = {}
        self.server_settings: dict[int, int] = {}
        self.goaway: int | None = None
        self.acknowledged = 0
        self.pongs: list[bytes] = []
        # Whether the server's pings are answered.
        self.answers_pings = True
        self.has_spoken = hello
        if hello:
            self.send(PREFACE, own_settings)
            while self.acknowledged == 0:
                self.read()

    def __enter__(self) -> "RawClient":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def send(self, *parts: bytes) -> None:
        """Sends bytes; whether the server still takes them, what is read afterwards tells."""
        try:
            self.socket.sendall(b"".join(parts))
        except (BrokenPipeError, ConnectionResetError):
            pass

    def request(self, stream: int, fields, body: bytes | None = None, *, end: bool = True) -> None:
        """Sends a request, whole or with its end still to come."""
        self.send(headers(stream, block(*fields), end=end and body is None))
        if body is not None:
            self.data(stream, body, end=end)

    def data(self, stream: int, body: bytes, *, end: bool = False) -> None:
        """Sends a body, in frames of at most 16 KiB and within the window by its caller's care."""
        pieces = [body[at : at + 16_384] for at in range(0, len(body), 16_384)] or [b""]
        for number, piece in enumerate(pieces):
            is_last = end and number == len(pieces) - 1
            self.send(frame(Kind.DATA, stream, piece, Flag.END_STREAM if is_last else Flag.NONE))

    def read(self) -> Frame:
        """The next frame; raises Closed at the end, TimeoutError if the server says nothing."""
        while (found := self._parse()) is None:
            try:
                read = self.socket.recv(262_144)
            except (ConnectionResetError, BrokenPipeError) as error:
                raise Closed from error
            if not read:
                raise Closed
            self.buffer += read
        self._take(found)
        return found

    def _parse(self) -> Frame | None:
        if len(self.buffer) < 9:
            return None
        found, length = Frame.parse_frame_header(memoryview(self.buffer[:9]))
        if len(self.buffer) < 9 + length:
            return None
        found.parse_body(memoryview(self.buffer[9 : 9 + length]))
        self.buffer = self.buffer[9 + length :]
        return found

    def _take(self, found: Frame) -> None:
        answer = self.answers.setdefault(found.stream_id, Answer())
        match found.type:
            case Kind.HEADERS:
                fields = dict(self.decoder.decode(found.data))
                (answer.trailers if answer.headers else answer.headers).update(fields)
            case Kind.DATA:
                answer.body += found.data
            case Kind.RST_STREAM:
                answer.reset = found.error_code
                answer.is_ended = True
            case Kind.GOAWAY:
                self.goaway = found.error_code
            case Kind.SETTINGS if "ACK" in found.flags:
                self.acknowledged += 1
            case Kind.SETTINGS:
                self.server_settings.update(found.settings)
                if self.has_spoken:
                    self.send(frame(Kind.SETTINGS, flags=Flag.ACK))
            case Kind.PING if "ACK" in found.flags:
                self.pongs.append(found.opaque_data)
            case Kind.PING if self.answers_pings:
                self.send(ping(found.opaque_data, Flag.ACK))
        if "END_STREAM" in found.flags:
            answer.is_ended = True

    def answer(self, stream: int) -> Answer:
        """Reads until a stream has ended, whole or by a reset."""
        while not self.answers.setdefault(stream, Answer()).is_ended:
            self.read()
        return self.answers[stream]

    def until_closed(self) -> None:
        """Reads until the server has closed the connection."""
        try:
            while True:
                self.read()
        except Closed:
            pass

    def check_alive(self) -> None:
        """The connection works: a ping comes back."""
        before = len(self.pongs)
        self.send(ping(b"alive???"))
        while b"alive???" not in self.pongs[before:]:
            self.read()
