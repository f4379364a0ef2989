"""The four executables, each once or in several replicas, on free loopback ports over one temporary
folder; only their own processes are ever signalled."""

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import grpc

from stubs import ROOT
from tokens import Signer

SERVICES = {
    "registry": "CertificateRegistryServer",
    "notification": "NotificationServer",
    "approval": "ApprovalServer",
    "intake": "IntakeServer",
}
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20


_given: set[int] = set()


def _ports() -> range:
    """Below those that the kernel gives to whoever connects: one of these could be taken by any
    connection while whoever listens there has been killed."""
    first_given = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
    return range(10_000, first_given)


def free_port() -> int:
    """A port that nobody listens on, and that was not given before."""
    while True:
        port = secrets.choice(_ports())
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with contextlib.suppress(OSError):
                probe.bind(("127.0.0.1", port))
                if port not in _given:
                    _given.add(port)
                    return port


class Cluster:
    """Starts the four services; `kill` and `restart` one of their processes at any moment.

    A process is named as its service, the second replica of `intake` is `intake.2`, and so on.
    """

    def __init__(self, folder: Path, settings: dict[str, str] | None = None, replicas: int = 1):
        """`settings` go to every service, without its prefix and with its name for `{service}`."""
        self.folder = folder
        self.settings = settings or {}
        self.bin = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug"))
        # Of processes that are of another release: `.build/debug` of its tree, whose policies they read.
        self.bins: dict[str, Path] = {}
        self.replicas = {
            service: [service, *(f"{service}.{number}" for number in range(2, replicas + 1))]
            for service in SERVICES
        }
        self.names = [name for names in self.replicas.values() for name in names]
        self.ports = {name: free_port() for name in self.names}
        self.admin_ports = {name: free_port() for name in self.names}
        self.processes: dict[str, subprocess.Popen] = {}
        self.sms_file = folder / "sms.jsonl"
        self.keys = folder / "keys"

    def addresses(self, service: str) -> str:
        """Of all its replicas, with commas between."""
        return ",".join(f"127.0.0.1:{self.ports[name]}" for name in self.replicas[service])

    def environment(self, name: str) -> dict[str, str]:
        service = name.partition(".")[0]
        prefix = service.upper()
        tree = self.bins[name].parents[1] if name in self.bins else ROOT
        settings = {
            f"{prefix}_LISTEN_PORT": str(self.ports[name]),
            f"{prefix}_ADMIN_PORT": str(self.admin_ports[name]),
            f"{prefix}_DATA_DIRECTORY": str(self.folder / "data"),
            f"{prefix}_BACKUP_DIRECTORY": str(self.folder / "backups"),
            f"{prefix}_KEYS_DIRECTORY": str(self.keys),
            f"{prefix}_POLICY_DIRECTORY": str(tree / "Services" / "Policy"),
        }
        peers = {
            "intake": ["approval", "registry", "notification"],
            "approval": ["intake", "registry"],
            # Earlier releases of the registry know no intake.
            "registry": ["notification"] + ([] if name in self.bins else ["intake"]),
            "notification": ["intake"],
        }
        for peer in peers[service]:
            settings[f"{prefix}_PEERS_{peer.upper()}"] = self.addresses(peer)
        for key, value in self.settings.items():
            settings[f"{prefix}_{key}"] = value.format(service=service)
        if service == "notification":
            # Earlier releases keep the file to themselves.
            own = self.folder / "sms-earlier.jsonl"
            settings["NOTIFICATION_GATEWAY_FILE"] = str(own if name in self.bins else self.sms_file)
        return {**os.environ, **settings}

    def start(self, name: str) -> None:
        log = open(self.folder / f"{name}.log", "ab")
        self.processes[name] = subprocess.Popen(
            [str(self.bins.get(name, self.bin) / SERVICES[name.partition(".")[0]])],
            env=self.environment(name),
            cwd=self.folder,
            stdout=log,
            stderr=log,
        )
        log.close()

    def start_all(self) -> None:
        for name in self.names:
            self.start(name)
        for name in self.names:
            self.wait_ready(name)

    def wait_ready(self, name: str) -> None:
        """Returns once the service takes connections; fails with its log if it ends before."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while time.monotonic() < deadline:
            if self.processes[name].poll() is not None:
                raise AssertionError(f"{name} ended: {self.log(name)}")
            if self.page(name, "/readyz")[0] == 200:
                return
            time.sleep(0.05)
        raise AssertionError(f"{name} did not start in {START_SECONDS_MAX} s: {self.log(name)}")

    def page(self, name: str, path: str) -> tuple[int, str]:
        """What the admin port answers: status and body; 0 while nothing listens there."""
        url = f"http://127.0.0.1:{self.admin_ports[name]}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return 0, ""

    def channel(self, service: str, options: list[tuple] | None = None) -> grpc.Channel:
        """A channel to one service, which takes its replicas in turns."""
        options = [*(options or []), ("grpc.lb_policy_name", "round_robin")]
        return grpc.insecure_channel(f"ipv4:{self.addresses(service)}", options=options)

    def signer(self) -> Signer:
        """Who signs the tokens that the services believe."""
        return Signer.development(self.keys)

    def kill(self, name: str) -> None:
        """SIGKILL, as a power cut would do it."""
        self.processes[name].send_signal(signal.SIGKILL)
        self.processes[name].wait()

    def restart(self, name: str) -> None:
        self.start(name)

    def stop_all(self) -> dict[str, int]:
        """SIGTERM to all; the exit codes."""
        for process in self.processes.values():
            if process.poll() is None:
                process.terminate()
        return {
            name: process.wait(timeout=STOP_SECONDS_MAX) for name, process in self.processes.items()
        }

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def delivered(self) -> list[dict]:
        """The texts the file gateway has delivered so far."""
        if not self.sms_file.exists():
            return []
        return [json.loads(line) for line in self.sms_file.read_text().splitlines() if line]
