"""Data keys that are lost, mixed up or rotated: what the executables do on either store."""

import json
import subprocess
import time

import pytest

from cluster import SERVICES, Cluster
from postgres import Server

NAME = "notification"
WAIT_SECONDS_MAX = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), [NAME])
    yield server
    server.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def stopped(request, tmp_path):
    """A service that has been at work and was stopped, and how its store is called."""
    settings, store = {}, str(tmp_path / "data" / f"{NAME}.db")
    if request.param == "postgres":
        server = request.getfixturevalue("server")
        # Of letters, and no longer than the server takes.
        database = f"anju_{request.function.__name__}"[:60]
        server.script("database", database)
        settings = server.settings() | {"STORE_DATABASE": database}
        store = f"database {database}"
    cluster = Cluster(tmp_path, settings)
    cluster.start(NAME)
    cluster.wait_ready(NAME)
    assert cluster.stop_all() == {NAME: 0}
    yield cluster, store
    cluster.stop_all()


def start_in_vain(cluster: Cluster) -> str:
    """Starts the service, which must refuse; what it says last."""
    run = subprocess.run(
        [str(cluster.bin / SERVICES[NAME])], env=cluster.environment(NAME), cwd=cluster.folder,
        capture_output=True, text=True, timeout=60,
    )
    assert run.returncode == 1, run.stderr
    return json.loads(run.stderr.strip().splitlines()[-1])["error"]


def line(name: str) -> str:
    return f"{name} {name.encode().hex() * 16}"[: len(name) + 65]


def write(path, *lines: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text("".join(line + "\n" for line in lines))
    draft.chmod(0o600)
    draft.rename(path)


def test_a_missing_data_key_is_refused(stopped):
    cluster, store = stopped
    key = cluster.keys / f"{NAME}.data.key"
    kept = key.read_text()
    key.unlink()
    error = start_in_vain(cluster)
    assert str(key) in error and store in error and "put the key file back" in error
    assert not key.exists(), "no new key is made where there is data"
    write(key, kept.strip())
    cluster.start(NAME)
    cluster.wait_ready(NAME)


def test_a_wrong_data_key_is_refused(stopped):
    cluster, store = stopped
    key = cluster.keys / f"{NAME}.data.key"
    kept = key.read_text().strip()
    for wrong in (line("anotherk"), line(kept.split()[0])):
        write(key, wrong)
        error = start_in_vain(cluster)
        assert str(key) in error and store in error and kept.split()[0] in error
        assert "Put that key's line back" in error
        assert kept.split()[1] not in error
    write(key, kept)
    cluster.start(NAME)
    cluster.wait_ready(NAME)


def test_a_key_that_is_written_while_the_service_runs_counts_soon(stopped):
    cluster, _ = stopped
    key = cluster.keys / f"{NAME}.data.key"
    kept = key.read_text().strip()
    cluster.start(NAME)
    cluster.wait_ready(NAME)
    write(key, line("nextnext"), kept)
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while "data keys read again" not in cluster.log(NAME):
        assert time.monotonic() < deadline, cluster.log(NAME)
        time.sleep(0.1)
    cluster.stop_all()
    # It has noted the new key: without it, it does not start any more.
    write(key, kept)
    assert "nextnext" in start_in_vain(cluster)
