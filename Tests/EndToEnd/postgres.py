"""A PostgreSQL server to throw away (`Tools/dev/postgres.sh`), with a database for each service."""

import subprocess
from pathlib import Path

from stubs import ROOT

SCRIPT = ROOT / "Tools" / "dev" / "postgres.sh"


class Server:
    """Started when made; `kill` and `again` at any moment, `remove` at the end."""

    def __init__(self, folder: Path, services):
        self.folder = folder / "postgres"
        # Debian's user of the server must be able to enter it.
        for place in (folder, *folder.parents):
            if place.owner() == folder.owner() and place != place.parent:
                place.chmod(place.stat().st_mode | 0o011)
        self.script("start")
        for service in services:
            self.script("database", f"anju_{service}")

    def script(self, command: str, *arguments: str) -> str:
        run = subprocess.run(
            [SCRIPT, command, self.folder, *arguments],
            capture_output=True, text=True, timeout=120,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def settings(self) -> dict[str, str]:
        """What tells a service to keep its data here (see `Cluster`)."""
        return {
            "STORE_ENGINE": "postgres",
            "STORE_PORT": (self.folder / "port").read_text().strip(),
            "STORE_PASSWORD_FILE": str(self.folder / "password"),
        }

    def sql(self, database: str, statements: str) -> None:
        """Runs statements in one transaction."""
        self.script("sql", database, statements)

    def copy(self, database: str, of: str) -> None:
        """Copies a database that nobody is connected to."""
        self.script("copy", database, of)

    def rows(self, database: str, query: str) -> list[tuple[str, ...]]:
        """What a query finds, as text; no value may hold a `|`."""
        return [tuple(line.split("|")) for line in self.script("sql", database, query).splitlines()]

    def kill(self) -> None:
        """SIGKILL to all of its processes, as a failing machine would do it."""
        self.script("kill")

    def again(self) -> None:
        self.script("again")

    def remove(self) -> None:
        self.script("remove")
