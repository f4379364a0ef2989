"""What docker-compose.yml puts together, without containers: its own settings, credentials and
database server, as processes of this machine."""

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import yaml

from cluster import SERVICES, START_SECONDS_MAX, Cluster, free_port
from stubs import ROOT

ENTRIES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DEPLOY = ROOT / "deploy"
POSTGRES = Path("/usr/lib/postgresql/15/bin")
# A database server does not run as root; Debian's package brings a user of its own.
USER = "postgres" if os.geteuid() == 0 else None


class Credentials:
    """What `deploy/credentials.sh` made: a folder for each container."""

    def __init__(self, folder: Path, bin: Path):
        self.folder = folder
        commands = folder.with_name("commands")
        commands.mkdir()
        # Under the names that they have in the image.
        (commands / "anju").symlink_to(bin / "anju")
        (commands / "anju-certificates").symlink_to(DEPLOY / "certificates.sh")
        self.path = f"{commands}:{os.environ['PATH']}"
        self.renew()

    def renew(self, names: str = "") -> None:
        subprocess.run(
            [DEPLOY / "credentials.sh", self.folder],
            env={**os.environ, "PATH": self.path, "ANJU_NAMES": names}, cwd=self.folder.parent,
            capture_output=True, text=True, timeout=60, check=True,
        )

    def texts(self) -> dict[str, str]:
        """Every file by its path in the folder."""
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        return {str(path.relative_to(self.folder)): path.read_text() for path in files}


class Database:
    """`deploy/database.sh` on a free port of its own."""

    def __init__(self, folder: Path, credentials: Credentials):
        self.folder = folder / "database"
        self.own = folder / "database-credentials"
        self.given = credentials
        self.port = free_port()
        for place in (self.folder, self.own):
            place.mkdir(mode=0o700)
            self._give(place)
        for place in (folder, *folder.parents):
            if place.owner() == folder.owner() and place != place.parent:
                place.chmod(place.stat().st_mode | 0o011)
        self.take()
        self.start()

    def take(self) -> None:
        """Puts its credentials of now where only its user reads them, as a volume would."""
        for file in (self.given.folder / "database").iterdir():
            self._give(Path(shutil.copy(file, self.own)))

    def start(self) -> None:
        log = open(self.folder.with_suffix(".log"), "ab")
        self.process = subprocess.Popen(
            [DEPLOY / "database.sh", self.folder, self.own, str(self.port)],
            user=USER, cwd="/", stdout=log, stderr=log,
        )
        log.close()
        deadline = time.monotonic() + START_SECONDS_MAX
        while self.query("intake", "SELECT 1").returncode != 0:
            assert self.process.poll() is None and time.monotonic() < deadline, self.log()
            time.sleep(0.05)

    def log(self) -> str:
        return self.folder.with_suffix(".log").read_text()[-4000:]

    def query(self, service: str, sql: str, **change: str) -> subprocess.CompletedProcess:
        """What psql answers the role of a service, which asks as the service does; `change` says
        otherwise."""
        own = self.given.folder / service
        line = {
            "host": "localhost", "port": str(self.port), "user": f"anju_{service}",
            "dbname": f"anju_{service}", "sslmode": "verify-full",
            "sslrootcert": str(own / "roots.pem"), "connect_timeout": "10",
            "password": (own / "password").read_text().strip(), **change,
        }
        return subprocess.run(
            [POSTGRES / "psql", "--no-psqlrc", "--tuples-only", "--no-align", "--command", sql,
             " ".join(f"{key}='{value}'" for key, value in line.items())],
            capture_output=True, text=True, timeout=30,
        )

    def reload(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def stop(self) -> int:
        """As a container is stopped: the image's STOPSIGNAL."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=START_SECONDS_MAX)

    @staticmethod
    def _give(path: Path) -> None:
        if USER is not None:
            shutil.chown(path, USER, USER)


class ComposedCluster(Cluster):
    """The four services with the environment that docker-compose.yml gives them; what a container
    would change is changed here: folders, names of machines, ports."""

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.credentials = Credentials(folder / "credentials", self.bin)
        self.database = Database(folder, self.credentials)

    def environment(self, name: str) -> dict[str, str]:
        prefix = name.upper()
        changed = {
            f"{prefix}_LISTEN_HOST": "127.0.0.1",
            f"{prefix}_LISTEN_PORT": str(self.ports[name]),
            f"{prefix}_ADMIN_PORT": str(self.admin_ports[name]),
            f"{prefix}_STORE_HOST": "localhost",
            f"{prefix}_STORE_PORT": str(self.database.port),
            f"{prefix}_TLS_CHECK_SECONDS": "1",
        }
        return {**os.environ, **self.settings_of(name), **changed}

    def settings_of(self, name: str) -> dict[str, str]:
        """A container's environment, with its folders and the other services where they are here."""
        places = {
            "/var/lib/anju/credentials": str(self.credentials.folder / name),
            "/var/lib/anju/keys": str(self.folder / "keys" / name),
            "/var/lib/anju/data": str(self.folder / "data" / name),
            "/usr/share/anju/policy": str(ROOT / "Services" / "Policy"),
        }
        places |= {
            f"{peer}:{ENTRIES[peer]['environment'][f'{peer.upper()}_LISTEN_PORT']}":
                f"localhost:{self.ports[peer]}"
            for peer in SERVICES
        }
        settings = dict(ENTRIES[name]["environment"])
        for key, value in settings.items():
            for place, here in places.items():
                value = value.replace(place, here)
            settings[key] = value
        return settings

    def anju(self, *arguments: str, **change: str) -> subprocess.CompletedProcess:
        """The command line, told nothing but what its container's environment says."""
        return subprocess.run(
            [self.bin / "anju", *arguments],
            env={**os.environ, **self.settings_of("anju"), **change},
            capture_output=True, text=True, timeout=120,
        )
