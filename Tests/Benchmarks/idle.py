"""Many connections to one server, each with one call behind it."""
import selectors
import socket

import h2.config
import h2.connection

from h2load import echo_message, frame
from machine import resident_bytes

# Each address of ours has about 28,000 ports.
CONNECTIONS_PER_ADDRESS = 5_000
# How many connections have a call under way at once, so that the server need not queue them.
AT_ONCE = 100
SECONDS_MAX = 30.0
HEADERS, END_STREAM = 1, 1


def request(path):
    """What a client says on a new connection: preface, settings, one call; and, in answer to the
    server's settings, that it has read them."""
    client = h2.connection.H2Connection(
        h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
    client.initiate_connection()
    client.send_headers(1, [
        (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"),
        ("te", "trailers"), ("content-type", "application/grpc")])
    client.send_data(1, frame(echo_message(100)), end_stream=True)
    return client.data_to_send() + b"\0\0\0\4\1\0\0\0\0"


class Connection:
    """One connection, until its call has been answered and after."""

    def __init__(self, port, number, said):
        self.socket = socket.create_connection(
            ("127.0.0.1", port), SECONDS_MAX,
            source_address=(f"127.0.0.{1 + number // CONNECTIONS_PER_ADDRESS}", 0))
        self.received = bytearray()
        self.socket.sendall(said)

    def is_answered(self):
        """Reads what has come; whether the call's trailers were there. Throws when the server has
        closed the connection."""
        part = self.socket.recv(65_536)
        if not part:
            raise ConnectionError("the server closed a connection")
        self.received += part
        while len(self.received) >= 9:
            end = 9 + int.from_bytes(self.received[:3], "big")
            if len(self.received) < end:
                return False
            kind, flags = self.received[3], self.received[4]
            del self.received[:end]
            if kind == HEADERS and flags & END_STREAM:
                return True
        return False


def open_many(port, path, count):
    """`count` connections, all open, each with one answered call; those that were refused left
    out."""
    said = request(path)
    connections = []
    for first in range(0, count, AT_ONCE):
        group = range(first, min(first + AT_ONCE, count))
        connections += answered([Connection(port, number, said) for number in group])
    return connections


def answered(connections):
    good = []
    with selectors.DefaultSelector() as selector:
        for connection in connections:
            selector.register(connection.socket, selectors.EVENT_READ, connection)
        while selector.get_map():
            ready = selector.select(SECONDS_MAX)
            if not ready:
                raise TimeoutError("the server does not answer")
            for key, _ in ready:
                try:
                    if not key.data.is_answered():
                        continue
                    good.append(key.data)
                except ConnectionError:
                    key.data.socket.close()
                selector.unregister(key.fileobj)
    return good


def measure(server, path, count):
    """How many of `count` connections were open at once, and how many bytes they cost the
    server."""
    before = resident_bytes(server.pid)
    connections = open_many(server.port, path, count)
    after = resident_bytes(server.pid)
    for connection in connections:
        connection.socket.close()
    return len(connections), after - before
