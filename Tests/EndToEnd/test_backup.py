"""Backups of services that are at work, and stores restored from them, by `anju` alone."""

import json
import random
import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest

import people
from cluster import Cluster
from stubs import ROOT, pb
from walk import Clients, Walk


class Anju:
    """Runs `anju` against a cluster."""

    def __init__(self, cluster: Cluster):
        self.cluster = cluster

    def __call__(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [str(self.cluster.bin / "anju"), *arguments]
        if arguments[0] != "restore":
            command += ["--keys", str(self.cluster.keys)]
            for service in self.cluster.replicas:
                command += [f"--{service}", self.cluster.addresses(service)]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=ROOT)

    def backup(self, name: str) -> dict:
        result = self("backup", name, "--json")
        assert result.returncode == 0, result.stderr
        return json.loads(result.stdout)

    def restore(self, manifest: str, *options: str) -> subprocess.CompletedProcess:
        return self("restore", manifest, "--data", str(self.cluster.folder / "data"), *options)


@pytest.fixture
def anju(fresh_cluster):
    return Anju(fresh_cluster)


class Submitting(threading.Thread):
    """Makes drafts until it is told to stop; says which were acknowledged."""

    def __init__(self, clients: Clients, rng: random.Random):
        super().__init__()
        self.clients = clients
        self.rng = rng
        self.acknowledged: list[str] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        while not self.stopping.is_set():
            walk = Walk(self.clients, people.make(self.rng), self.rng)
            walk.draft()
            self.acknowledged.append(walk.application_id)


def draft_is_there(clients: Clients, application_id: str) -> bool:
    request = pb.intake.GetApplicationRequest(application_id=application_id)
    answer = clients.call(clients.intake.GetApplication, request, clients.auditor)
    return answer.application.application_id == application_id


def test_a_backup_under_load_brings_back_all_that_was_acknowledged(fresh_cluster, anju, rng):
    clients = Clients(fresh_cluster)
    load = Submitting(clients, rng)
    load.start()
    while len(load.acknowledged) < 20 and load.is_alive():
        load.join(0.05)
    before = list(load.acknowledged)
    assert len(before) >= 20
    made = anju.backup("intake")
    load.stopping.set()
    load.join()

    manifest = Path(made["manifest"])
    assert oct(manifest.parent.stat().st_mode & 0o777) == "0o700"
    refused = anju.restore(str(manifest))
    assert refused.returncode == 1 and "in use by another process" in refused.stderr
    assert anju.restore(str(manifest), "--check").returncode == 0

    fresh_cluster.kill("intake")
    restored = anju.restore(str(manifest))
    assert restored.returncode == 0, restored.stderr
    fresh_cluster.restart("intake")
    fresh_cluster.wait_ready("intake")
    assert all(draft_is_there(clients, application_id) for application_id in before)
    clients.close()


def test_a_backup_is_a_plain_file_without_keys(fresh_cluster, anju):
    made = anju.backup("registry")
    backup = Path(made["manifest"].removesuffix(".manifest"))
    assert backup.stat().st_size == made["bytes"]
    with sqlite3.connect(f"file:{backup}?mode=ro", uri=True) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert database.execute("SELECT version FROM schema").fetchone()[0] >= 1
    assert sorted(path.suffix for path in backup.parent.iterdir()) == [".db", ".manifest"]
    secrets = [
        line.split()[1]
        for file in fresh_cluster.keys.glob("registry.*.key")
        for line in file.read_text().splitlines()
    ]
    content = backup.read_bytes()
    assert len(secrets) == 2
    assert not any(key.encode() in content or bytes.fromhex(key) in content for key in secrets)


def test_a_damaged_backup_replaces_nothing(fresh_cluster, anju):
    made = anju.backup("approval")
    backup = Path(made["manifest"].removesuffix(".manifest"))
    content = bytearray(backup.read_bytes())
    content[len(content) // 2] ^= 0xFF
    backup.write_bytes(content)
    fresh_cluster.kill("approval")
    store = fresh_cluster.folder / "data" / "approval.db"
    before = store.read_bytes()
    refused = anju.restore(made["manifest"])
    assert refused.returncode == 1
    assert str(backup) in refused.stderr and "not what its manifest says" in refused.stderr
    assert store.read_bytes() == before
    fresh_cluster.restart("approval")
    fresh_cluster.wait_ready("approval")


def test_nothing_is_parked_where_nothing_was_refused(anju):
    result = anju("parked")
    assert (result.returncode, result.stdout) == (0, "")
    result = anju("unpark", "intake", "--json")
    assert result.returncode == 0 and json.loads(result.stdout) == {"unparked": 0}
