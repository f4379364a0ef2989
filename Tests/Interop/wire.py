"""One HTTP/2 connection as PyPI's h2 sees it: what stands on the wire, which gRPC libraries hide."""

import socket
import struct
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events

TIMEOUT_SECONDS = 20
GRPC = "application/grpc"


@dataclass
class Answer:
    """What came on one stream."""

    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    trailers: dict[str, str] = field(default_factory=dict)
    reset: int | None = None

    @property
    def status(self) -> str | None:
        """The call's gRPC status, wherever it stood."""
        return self.trailers.get("grpc-status", self.headers.get("grpc-status"))

    @property
    def messages(self) -> list[tuple[int, bytes]]:
        return parted(self.body)


def parted(body: bytes) -> list[tuple[int, bytes]]:
    """The compressed flag and the bytes of each message of a body."""
    found = []
    while body:
        flag, length = struct.unpack(">BI", body[:5])
        assert len(body) >= 5 + length, "the body ends within a message"
        found.append((flag, body[5 : 5 + length]))
        body = body[5 + length :]
    return found


def message(content: bytes, flag: int = 0) -> bytes:
    """A message with its prefix."""
    return struct.pack(">BI", flag, len(content)) + content


class Wire:
    """A client's connection to a server."""

    def __init__(self, server):
        self.socket = socket.create_connection((server.host, server.port), TIMEOUT_SECONDS)
        self.socket.settimeout(TIMEOUT_SECONDS)
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.answers: dict[int, Answer] = {}
        self.ended: set[int] = set()
        self.flush()

    def __enter__(self) -> "Wire":
        return self

    def __exit__(self, *_) -> None:
        self.socket.close()

    def flush(self) -> None:
        self.socket.sendall(self.h2.data_to_send())

    def request(self, path, *, method="POST", content_type=GRPC, headers=(), body=b"") -> int:
        """Sends a whole request; returns its stream."""
        fields = [(":method", method), (":scheme", "http"), (":authority", "test"), (":path", path)]
        if content_type:
            fields.append(("content-type", content_type))
        stream = self.h2.get_next_available_stream_id()
        self.answers[stream] = Answer()
        self.h2.send_headers(stream, [*fields, *headers], end_stream=not body)
        self._send(stream, body)
        return stream

    def call(self, path: str, *messages: bytes, headers=()) -> Answer:
        """Makes a gRPC call of messages that have their prefixes; returns what came."""
        body = b"".join(messages)
        return self.answer(self.request(path, headers=[("te", "trailers"), *headers], body=body))

    def answer(self, stream: int) -> Answer:
        """Reads until the stream has ended."""
        while stream not in self.ended:
            self._read()
        return self.answers[stream]

    def _send(self, stream: int, body: bytes) -> None:
        while body and stream not in self.ended:
            room = min(self.h2.local_flow_control_window(stream), self.h2.max_outbound_frame_size)
            if room == 0:
                self._read()
                continue
            self.h2.send_data(stream, body[:room], end_stream=len(body) <= room)
            body = body[room:]
        self.flush()

    def _read(self) -> None:
        self.flush()
        read = self.socket.recv(65_536)
        assert read, "the server closed the connection"
        for event in self.h2.receive_data(read):
            self._take(event)
        self.flush()

    def _take(self, event) -> None:
        answer = self.answers.get(getattr(event, "stream_id", None))
        match event:
            case h2.events.ResponseReceived():
                answer.headers.update(event.headers)
            case h2.events.DataReceived():
                answer.body += event.data
                self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            case h2.events.TrailersReceived():
                answer.trailers.update(event.headers)
            case h2.events.StreamEnded():
                self.ended.add(event.stream_id)
            case h2.events.StreamReset():
                answer.reset = event.error_code
                self.ended.add(event.stream_id)
