"""A release on stores that a later one has made: it goes on where the later one only added, and refuses
where the later one took away."""

import json
import os
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import people
from cluster import SERVICES, Cluster
from conftest import stopping
from postgres import Server
from stubs import ROOT
from test_kill import assert_reconciled
from walk import Clients, Walk

# Of each service, the table that it writes most.
TABLES = {
    "intake": "application",
    "approval": "approval_case",
    "registry": "permit",
    "notification": "message",
}
WALKERS = 3


def expand(table: str) -> str:
    """What the next release's migration would do, as `Migrator` would do it."""
    return f"""
        ALTER TABLE {table} ADD COLUMN added_later TEXT;
        CREATE INDEX {table}_added ON {table} (added_later);
        CREATE TABLE added_table (id TEXT PRIMARY KEY, of_table TEXT NOT NULL);
        INSERT INTO schema_step (version, name, applied_at)
            SELECT version + 1, 'of the next release', 0 FROM schema;
        UPDATE schema SET version = version + 1;
    """


CONTRACT = "UPDATE schema SET oldest_code = version;"


def in_file(path: Path, sql: str) -> None:
    subprocess.run(["sqlite3", "-bail", path], input=f"BEGIN;{sql}COMMIT;", text=True, check=True)


def walk(clients: Clients, seed: str, year_ago: str) -> None:
    """One application from draft to text."""
    rng = random.Random(seed)
    one = Walk(clients, people.make(rng), rng)
    one.register(year_ago)
    one.draft()
    one.upload()
    assert one.submit().submitted
    one.three_opinions()
    one.wait_for_text("permit_issued")


def walks(cluster: Cluster, seed: str, year_ago: str, meanwhile=None) -> None:
    clients = Clients(cluster)
    with ThreadPoolExecutor(WALKERS) as pool:
        futures = [
            pool.submit(walk, clients, f"{seed}:{number}", year_ago)
            for number in range(2 * WALKERS)
        ]
        if meanwhile:
            meanwhile()
        for future in futures:
            future.result()
    clients.close()


def refusal(cluster: Cluster, name: str) -> str:
    """What a process that must not start says."""
    run = subprocess.run(
        [cluster.bin / SERVICES[name]], env=cluster.environment(name), cwd=cluster.folder,
        capture_output=True, text=True, timeout=60,
    )
    assert run.returncode == 1
    return json.loads(run.stderr.strip().splitlines()[-1])["error"]


def test_goes_on_with_a_file_that_a_later_release_has_added_to(tmp_path, year_ago):
    cluster = Cluster(tmp_path)
    with stopping(cluster):
        cluster.start_all()
        walks(cluster, "before", year_ago)
        cluster.stop_all()
        for name, table in TABLES.items():
            in_file(tmp_path / "data" / f"{name}.db", expand(table))
        cluster.start_all()
        walks(cluster, "after", year_ago)
        assert_reconciled(cluster)
        cluster.stop_all()
        for name in TABLES:
            in_file(tmp_path / "data" / f"{name}.db", CONTRACT)
            assert "start a newer release" in refusal(cluster, name)


def test_goes_on_while_a_later_release_adds_to_its_database(tmp_path, year_ago):
    """One replica of each goes on, one starts on what was added."""
    server = Server(tmp_path, SERVICES)
    try:
        cluster = Cluster(tmp_path, server.settings(), replicas=2)

        def roll() -> None:
            for name, table in TABLES.items():
                server.sql(f"anju_{name}", expand(table))
                cluster.kill(f"{name}.2")
                cluster.restart(f"{name}.2")
                cluster.wait_ready(f"{name}.2")

        with stopping(cluster):
            cluster.start_all()
            walks(cluster, "rolling", year_ago, meanwhile=roll)
            walks(cluster, "after", year_ago)
            assert_reconciled(cluster)
            for name in TABLES:
                server.sql(f"anju_{name}", CONTRACT)
                assert "start a newer release" in refusal(cluster, name)
    finally:
        server.remove()


@pytest.mark.skipif(os.environ.get("ANJU_LONG") != "1", reason="builds an earlier release: --long")
def test_an_earlier_release_beside_this_one(tmp_path, year_ago):
    """The release before the newest change of a schema, on databases that this one has migrated: two
    replicas of each service, one of each release, which read one another's rows and messages."""
    earlier = build_before_the_newest_schema()
    server = Server(tmp_path, SERVICES)
    try:
        cluster = Cluster(tmp_path, server.settings(), replicas=2)
        for name in SERVICES:
            cluster.bins[f"{name}.2"] = earlier
        with stopping(cluster):
            for name in SERVICES:
                cluster.start(name)
                cluster.wait_ready(name)
            for name in SERVICES:
                cluster.start(f"{name}.2")
                cluster.wait_ready(f"{name}.2")
            walks(cluster, "both", year_ago)
            for name in SERVICES:
                cluster.kill(name)
            walks(cluster, "earlier alone", year_ago)
            for name in SERVICES:
                cluster.restart(name)
                cluster.wait_ready(name)
                cluster.kill(f"{name}.2")
            walks(cluster, "this alone", year_ago)
            assert_reconciled(cluster)
    finally:
        server.remove()


def build_before_the_newest_schema() -> Path:
    """The folder of the executables of the last commit before a migration was changed."""

    def git(*arguments: str) -> str:
        run = subprocess.run(
            ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True)
        return run.stdout.strip()

    newest = git("log", "-1", "--format=%H", "--", "Services/*/Core/Storage/*Migrations.swift")
    source = ROOT / ".build" / "earlier"
    source.mkdir(parents=True, exist_ok=True)
    archive = subprocess.run(
        ["git", "archive", f"{newest}^"], cwd=ROOT, check=True, capture_output=True)
    subprocess.run(["tar", "-x", "-C", source], input=archive.stdout, check=True)
    for product in SERVICES.values():
        subprocess.run(["swift", "build", "--product", product], cwd=source, check=True)
    return source / ".build" / "debug"
