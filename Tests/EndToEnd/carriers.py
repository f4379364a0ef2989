"""Providers and gateways as processes: the simulated SMSC, Debian's Net::SMPP as one, the gateways
without the queue, and what `tshark` says of the bytes between them."""

import contextlib
import json
import os
import queue
import subprocess
import threading
import time
from pathlib import Path

from stubs import ROOT

BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug"))
WAIT_SECONDS_MAX = 30
ACCOUNT = "901234"
SECRET = "secret"


class Lines:
    """A process that says one thing a line; what it has said can be waited for."""

    def __init__(self, *command: str):
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.heard: list[str] = []
        self._queue: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stdout:
            self._queue.put(line.rstrip("\n"))
        self._queue.put(None)

    def next(self) -> str:
        line = self._queue.get(timeout=WAIT_SECONDS_MAX)
        assert line is not None, f"{self.process.args[0]} ended: {self.process.wait()}"
        self.heard.append(line)
        return line

    def waiting(self) -> list[str]:
        """What has been said and not been read."""
        lines = []
        with contextlib.suppress(queue.Empty):
            while True:
                lines.append(self._queue.get_nowait())
        return [line for line in lines if line is not None]

    def until(self, is_it) -> dict:
        """The next line of JSON of which that is so; those before it are heard too."""
        while True:
            line = json.loads(self.next())
            if is_it(line):
                return line

    def say(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def end(self) -> int:
        """Ends its input, and waits for it to end by itself."""
        self.process.stdin.close()
        return self.process.wait(timeout=WAIT_SECONDS_MAX)


class Simulator(Lines):
    """The simulated SMSC; `script` says which short message meets what."""

    def __init__(self, kind: str, folder: Path, port: int, script: str = "", *options: str):
        path = folder / f"script-{port}"
        path.write_text(script)
        super().__init__(
            str(BIN / "SMSCProbe"), kind, "--port", str(port), "--account", ACCOUNT,
            "--secret", SECRET, "--script", str(path), *options,
        )  # fmt: skip
        assert self.next() == f"ready {port}"

    def counts(self) -> dict:
        self.say("")
        return json.loads(self.next())


class Gateways(Lines):
    """The gateways of a plan, without the queue."""

    def __init__(self, folder: Path):
        super().__init__(str(BIN / "GatewayProbe"), str(folder))

    def send(self, message_id: str, text: str, phone: str = "13800138000") -> None:
        self.say(json.dumps({"id": message_id, "phone": phone, "text": text}))

    def receipts(self, count: int) -> list[dict]:
        """So many receipts, those included that came before a report that was waited for."""
        while len(found := [line for line in self.heard if '"receipt"' in line]) < count:
            self.next()
        return [json.loads(line) for line in found]

    def report(self, message_id: str) -> dict:
        return self.until(lambda line: line.get("id") == message_id)

    def send_when_connected(self, message_id: str, text: str) -> dict:
        """Until there is a connection a gateway takes nothing, and says so."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while True:
            self.send(message_id, text)
            report = self.report(message_id)
            if "GATEWAY_DOWN" not in report["outcome"]:
                return report
            assert time.monotonic() < deadline, "no connection"
            time.sleep(0.1)

    def send_until_taken_by(self, gateway: str) -> None:
        """The other one may be connected first, and takes what comes until then."""
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        number = 0
        while self.send_when_connected(f"first {number}", "短")["gateway"] != gateway:
            assert time.monotonic() < deadline, f"{gateway} takes nothing"
            number += 1
            time.sleep(0.1)


def plan(folder: Path, *sections: str) -> None:
    (folder / "gateways.conf").write_text("\n".join(sections) + "\n")
    (folder / "secret").write_text(SECRET)


def gateway(name: str, protocol: str, port: int, **more: str) -> str:
    keys = {
        "protocol": protocol, "server": f"127.0.0.1:{port}", "account": ACCOUNT,
        "secret-file": "secret", "source": "106900011", "reconnect-ms": "100",
        **{key.replace("_", "-"): value for key, value in more.items()},
    }  # fmt: skip
    return "\n".join([f"[{name}]", *(f"{key} = {value}" for key, value in keys.items())])


class Capture:
    """What goes over one port of loopback, as `tshark` understands it."""

    def __init__(self, folder: Path, port: int):
        self.file = folder / f"{port}.pcap"
        self.port = port
        self.process = subprocess.Popen(
            ["dumpcap", "-q", "-i", "lo", "-f", f"tcp port {port}", "-w", str(self.file)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while not self.file.exists() or self.file.stat().st_size == 0:
            assert self.process.poll() is None, "dumpcap ended"
            assert time.monotonic() < deadline, "dumpcap captures nothing"
            time.sleep(0.1)

    def stop(self) -> None:
        # The last packets are still on their way to the file.
        time.sleep(1)
        self.process.terminate()
        self.process.wait(timeout=WAIT_SECONDS_MAX)

    def read(self, protocol: str, *options: str) -> str:
        """What `tshark` prints; everything on the port is that protocol."""
        return subprocess.run(
            ["tshark", "-r", str(self.file), "-d", f"tcp.port=={self.port},{protocol}", *options],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    def troubles(self, protocol: str) -> list[str]:
        """What `tshark` finds wrong in that protocol's PDUs, and bytes that are none."""
        lines = self.read(protocol, "-O", f"{protocol},data").splitlines()
        signs = ("Malformed", "Expert Info (Warning", "Expert Info (Error", "Data (")
        return [line for line in lines if any(sign in line for sign in signs)]
