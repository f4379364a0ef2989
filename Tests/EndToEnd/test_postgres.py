"""Servers, databases and passwords that are not as they should be: what the executables say."""

import json
import subprocess
import time

import pytest

from cluster import SERVICES, Cluster
from postgres import Server

NAME = "notification"


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    server = Server(tmp_path_factory.mktemp("server"), [NAME])
    yield server
    server.remove()


def start(tmp_path, settings: dict[str, str]) -> tuple[int, str]:
    """Starts one service that cannot go on; its exit code and its last log line's error."""
    cluster = Cluster(tmp_path, settings)
    run = subprocess.run(
        [str(cluster.bin / SERVICES[NAME])], env=cluster.environment(NAME), cwd=tmp_path,
        capture_output=True, text=True, timeout=60,
    )
    assert "wrong-secret" not in run.stderr
    last = run.stderr.strip().splitlines()[-1]
    return run.returncode, json.loads(last)["error"] if last.startswith("{") else run.stderr


@pytest.mark.parametrize(
    "change, told",
    [
        ({"STORE_PORT": "1"}, "refused"),
        ({"STORE_DATABASE": "none"}, "there is no such database: create it"),
        ({"STORE_USER": "nobody"}, "check the user"),
        ({"STORE_PASSWORD_FILE": "{folder}/wrong"}, "check the user, the password in"),
        ({"STORE_PASSWORD_FILE": "{folder}/none"}, "No such file"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_one_sentence_and_exit_code_1(server, tmp_path, change, told):
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong-secret\n")
    wrong.chmod(0o600)
    change = {key: value.format(folder=tmp_path) for key, value in change.items()}
    code, error = start(tmp_path, server.settings() | change)
    assert code == 1
    assert told in error
    assert "PostgreSQL at 127.0.0.1:" in error or "password file" in error


def test_a_server_elsewhere_without_roots_is_wrong_settings(server, tmp_path):
    code, error = start(tmp_path, server.settings() | {"STORE_HOST": "192.0.2.1"})
    assert code == 78
    assert "notification.store.tls.roots is not set" in error


def test_data_without_keys_is_refused(server, tmp_path):
    """As on SQLite: without its keys, what is in the database could not be read."""
    cluster = Cluster(tmp_path, server.settings())
    cluster.start(NAME)
    cluster.wait_ready(NAME)
    assert cluster.stop_all() == {NAME: 0}
    for key in cluster.keys.glob(f"*{NAME}*"):
        key.unlink()
    code, error = start(tmp_path, server.settings())
    assert code == 1
    assert "put the key file back that belongs to this database" in error


def test_goes_on_when_the_server_is_back(server, tmp_path):
    """A service whose server dies says so on its health page, and serves again without a restart."""
    cluster = Cluster(tmp_path, server.settings() | {"STORE_DATABASE": "anju_other"})
    server.script("database", "anju_other")
    cluster.start(NAME)
    cluster.wait_ready(NAME)
    try:
        server.kill()
        wait_until(lambda: "connection" in cluster.page(NAME, "/healthz")[1]
                   or "server" in cluster.page(NAME, "/healthz")[1])
        server.again()
        wait_until(lambda: cluster.page(NAME, "/readyz")[0] == 200)
        # Its peer is not there, which the page says too.
        wait_until(lambda: '"store":"ok"' in cluster.page(NAME, "/healthz")[1])
    finally:
        assert cluster.stop_all() == {NAME: 0}


def wait_until(holds, seconds_max: float = 30) -> None:
    deadline = time.monotonic() + seconds_max
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.05)
