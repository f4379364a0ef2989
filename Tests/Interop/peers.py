"""The gRPC project's own programs, which `./dev test` builds from Debian's source package (see
Tools/dev/peers.sh)."""

import os
import socket
import subprocess
import time
from pathlib import Path

from interop_server import ROOT, START_SECONDS_MAX


def _folder() -> Path:
    made = sorted((ROOT / ".anju" / "interop").glob("*/made"), key=lambda path: path.stat().st_mtime)
    assert made, "the gRPC project's peers are not built: ./dev test does it"
    return made[-1].parent


PEERS = _folder()
SOURCE = PEERS / "source"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PeerServer:
    """A server that does not say when it listens: it is asked until it does."""

    host = "127.0.0.1"

    def __init__(self, command: list, port: int, log: Path):
        self.port = port
        self.log = log
        with open(log, "ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=output, stderr=output,
                env={**os.environ, "GRPC_VERBOSITY": "ERROR"})
        try:
            self._await()
        except BaseException:
            self.kill()
            raise

    def _await(self) -> None:
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            try:
                socket.create_connection((self.host, self.port), 1).close()
                return
            except OSError:
                assert self.process.poll() is None, f"it has ended: {self.log.read_text()}"
                assert time.monotonic() < deadline, f"it does not listen: {self.log.read_text()}"
                time.sleep(0.02)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> "PeerServer":
        return self

    def __exit__(self, *_) -> None:
        self.kill()


def cpp_server(folder: Path) -> PeerServer:
    """The gRPC project's C++ interop server, in plaintext."""
    port = free_port()
    command = [PEERS / "bin" / "interop_server", f"--port={port}", "--use_tls=false"]
    return PeerServer(command, port, folder / "cpp-server.log")
