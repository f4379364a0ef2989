"""A wire between a client and a server that remembers what went over it, and reads it afterwards
with PyPI's hyperframe and hpack."""

import contextlib
import socket
import threading
from dataclasses import dataclass, field

import hpack
import hyperframe.frame

from wire import parted

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
TIMEOUT_SECONDS = 60


@dataclass
class Side:
    """What one side sent on one stream."""

    blocks: list[dict[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def headers(self) -> dict[str, str]:
        return self.blocks[0]

    @property
    def messages(self) -> list[tuple[int, bytes]]:
        return parted(self.body)


class Tap:
    """Listens on a free loopback port and passes one connection after the other on to a server."""

    host = "127.0.0.1"

    def __init__(self, server):
        self.target = (server.host, server.port)
        self.listener = socket.create_server((self.host, 0))
        self.port = self.listener.getsockname()[1]
        self.connections: list[tuple[bytearray, bytearray]] = []
        self.threads = [self._start(self._accept)]

    def _start(self, work, *arguments) -> threading.Thread:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        thread.start()
        return thread

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.create_connection(self.target, TIMEOUT_SECONDS)
                record = (bytearray(), bytearray())
                self.connections.append(record)
                self.threads.append(self._start(self._pass, client, server, record[0]))
                self.threads.append(self._start(self._pass, server, client, record[1]))

    @staticmethod
    def _pass(source: socket.socket, sink: socket.socket, record: bytearray) -> None:
        with contextlib.suppress(OSError):
            while read := source.recv(65_536):
                record += read
                sink.sendall(read)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def __enter__(self) -> "Tap":
        return self

    def __exit__(self, *_) -> None:
        # `close` alone does not wake a thread that waits in `accept`.
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for thread in self.threads:
            thread.join(TIMEOUT_SECONDS)
            assert not thread.is_alive(), "a connection was left open"

    def calls(self) -> list[tuple[Side, Side]]:
        """What client and server sent in each call, in the order they were begun."""
        found = []
        for sent, answered in self.connections:
            requests = streams(bytes(sent).removeprefix(PREFACE))
            answers = streams(bytes(answered))
            found += [(requests[number], answers[number]) for number in sorted(requests)]
        return found


def streams(data: bytes) -> dict[int, Side]:
    """What one side of a connection sent, by stream."""
    decoder = hpack.Decoder()
    found: dict[int, Side] = {}
    block = b""
    while data:
        frame, length = hyperframe.frame.Frame.parse_frame_header(memoryview(data[:9]))
        frame.parse_body(memoryview(data[9 : 9 + length]))
        data = data[9 + length :]
        match frame:
            case hyperframe.frame.HeadersFrame() | hyperframe.frame.ContinuationFrame():
                block += frame.data
                if "END_HEADERS" in frame.flags:
                    side = found.setdefault(frame.stream_id, Side())
                    side.blocks.append(dict(decoder.decode(block)))
                    block = b""
            case hyperframe.frame.DataFrame():
                found[frame.stream_id].body += frame.data
    return found
