"""interop-server as a process on a free loopback port, for every suite that needs a gRPC or HTTP/2
server of ours that it may treat badly."""

import os
import select
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20


def executable(name: str) -> Path:
    """One of the executables that `swift build` made."""
    return Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug")) / name


class Server:
    """A process that prints `listening on HOST:PORT` once it serves. Only it is ever signalled."""

    def __init__(self, command: list, log: Path):
        self.log = log
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdout=subprocess.PIPE, stderr=errors, cwd=ROOT)
        try:
            self.host, self.port = self._address()
        except BaseException:
            self.kill()
            raise

    def _address(self) -> tuple[str, int]:
        deadline = time.monotonic() + START_SECONDS_MAX
        line = b""
        while not line.endswith(b"\n"):
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.process.stdout], [], [], max(left, 0))
            read = os.read(self.process.stdout.fileno(), 4096) if ready else b""
            assert read, f"it does not listen: {line!r}\n{self.log.read_text()}"
            line += read
        words = line.decode().split()
        assert words[:2] == ["listening", "on"], line
        host, port = words[2].rsplit(":", 1)
        return host, int(port)

    @property
    def address(self) -> str:
        return f"{self.host}:{self.port}"

    @property
    def pid(self) -> int:
        return self.process.pid

    def stop(self) -> int:
        """Drains it; returns its exit code, 0 if it ended well."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        finally:
            self.kill()

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, kind, *_) -> None:
        if kind is not None:
            self.kill()
            return
        code = self.stop()
        assert code == 0, f"it did not end well: {code}\n{self.log.read_text()}"


def interop_server(folder: Path, *options) -> Server:
    """Starts `interop-server` with further options; its log lies in `folder`."""
    command = [executable("interop-server"), "--port", "0", *options]
    return Server(command, folder / "interop-server.log")
