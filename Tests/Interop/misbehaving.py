"""Runs one of the gRPC project's servers that misbehave (test/http2_test) on a free loopback port:

    python misbehaving.py goaway

They were written for Python 2 and for h2 as it then was. What has changed since is replaced in their
text before it runs; what they do to a client is theirs."""

import importlib.abc
import importlib.machinery
import re
import sys

import h2.config
import h2.events
from twisted.internet import endpoints, protocol, reactor
from twisted.python import log

from peers import SOURCE
from published import messages_pb2

FOLDER = SOURCE / "test" / "http2_test"

# Where, what, and what stands there today.
CHANGES = [
    ("*", r"(\S+)\.has_key\(([^)]+)\)", r"\1.__contains__(\2)"),
    ("http2_base_server", r"h2\.connection\.H2Connection\(client_side=False\)",
     "h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))"),
    ("http2_base_server", r"h2\.events\.PingAcknowledged", "h2.events.PingAckReceived"),
    ("http2_base_server", r"_recv_buffer\[event\.stream_id\] = ''",
     "_recv_buffer[event.stream_id] = b''"),
    ("test_rst_during_data", r"response_len / 2", "response_len // 2"),
]


class Finder(importlib.abc.MetaPathFinder, importlib.abc.SourceLoader):
    """Imports their modules with the changes made."""

    def find_spec(self, name, path=None, target=None):
        if (FOLDER / f"{name}.py").exists():
            return importlib.machinery.ModuleSpec(name, self, origin=self.get_filename(name))
        return None

    def get_filename(self, name):
        return str(FOLDER / f"{name}.py")

    def get_data(self, path):
        name = path.removesuffix(".py").rsplit("/", 1)[-1]
        text = (FOLDER / f"{name}.py").read_text()
        for where, old, new in CHANGES:
            if where in ("*", name):
                text, count = re.subn(old, new, text)
                assert count or where == "*", f"{name}.py has no {old}"
        return text.encode()


def main(case: str) -> None:
    sys.modules["messages_pb2"] = messages_pb2
    sys.meta_path.insert(0, Finder())
    import http2_test_server

    class LoopbackFactory(http2_test_server.H2Factory, protocol.Factory):
        """Theirs; twisted wants to be told its class."""

    failures = []

    def observe(event):
        if event.get("isError"):
            failures.append(event)
            print(log.textFromEventDict(event), file=sys.stderr, flush=True)

    log.addObserver(observe)
    endpoint = endpoints.TCP4ServerEndpoint(reactor, 0, interface="127.0.0.1")

    def tell(port):
        print(f"listening on 127.0.0.1:{port.getHost().port}", flush=True)

    factory = LoopbackFactory(case)
    endpoint.listen(factory).addCallbacks(tell, lambda failure: reactor.stop())
    reactor.run()
    print(f"connections: {factory._num_streams}", file=sys.stderr)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main(sys.argv[1])
