"""The registry pushes every change to a platform that is away, dies and comes back, and is killed
itself meanwhile; the heads that the platform has kept then witness the registry's store."""

import json
import random
import subprocess
import time

import pytest

import people
from cluster import Cluster, free_port
from logged import Registry, anju, issue
from sink import Sink, serve
from stubs import pb

PUSH_SECONDS_MAX = 60


def wait_for(sink: Sink, leaves: int) -> None:
    deadline = time.monotonic() + PUSH_SECONDS_MAX
    while len(sink.hashes) < leaves or (sink.kept or {"size": 0})["size"] < leaves:
        assert time.monotonic() < deadline, f"{len(sink.hashes)} of {leaves} leaves were pushed"
        time.sleep(0.05)


@pytest.fixture
def feed(tmp_path):
    port = free_port()
    cluster = Cluster(tmp_path, {"FEED_SINKS": f"data-platform=127.0.0.1:{port}"})
    try:
        cluster.start("registry")
        cluster.wait_ready("registry")
        yield cluster, port
    finally:
        cluster.stop_all()


def test_a_platform_gets_every_change_and_becomes_a_witness(feed, tmp_path):
    cluster, port = feed
    channel = cluster.channel("registry", [("grpc.max_reconnect_backoff_ms", 500)])
    stub = pb.registry_grpc.CertificateRegistryServiceStub(channel)
    registry = Registry(cluster, stub, tmp_path, [])
    rng = random.Random("feed")
    people_of = iter([people.make(rng) for _ in range(12)])
    # Nobody listens yet: permits are issued all the same.
    for number in range(4):
        issue(registry, next(people_of), number)
    folder = tmp_path / "platform"
    server = serve(sink := Sink(folder), port)
    wait_for(sink, 4)
    # The platform goes away, the registry is killed, and both come back.
    server.stop(None).wait()
    for number in range(4, 8):
        issue(registry, next(people_of), number)
    cluster.kill("registry")
    server = serve(sink := Sink(folder), port)
    cluster.restart("registry")
    cluster.wait_ready("registry")
    for number in range(8, 12):
        issue(registry, next(people_of), number)
    wait_for(sink, 12)
    channel.close()
    process = cluster.processes["registry"]
    process.terminate()
    assert process.wait(timeout=20) == 0
    server.stop(None).wait()
    assert not (folder / "refused.txt").exists()
    lines = [json.loads(line) for line in (folder / "changes.jsonl").read_text().splitlines()]
    assert [line["leaf_index"] for line in lines] == list(range(12))
    assert {line["action"] for line in lines} == {"issue_permit"}
    heads = sorted((folder / "heads").glob("*.json"))
    witnesses = [part for head in heads for part in ("--witness", str(head))]
    store = str(cluster.folder / "data" / "registry.db")
    run = anju(
        "audit", *witnesses, "--store", store, "--keys", str(cluster.keys), "--json",
        folder=tmp_path,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(run.stdout)["witnessed"] == 12


@pytest.mark.parametrize("sinks", ["nonsense", "a=1.2.3.4", "A=1.2.3.4:5", "a=x:1 a=y:2"])
def test_sinks_that_are_none_are_told(tmp_path, sinks):
    cluster = Cluster(tmp_path, {"FEED_SINKS": sinks})
    cluster.start("registry")
    process: subprocess.Popen = cluster.processes["registry"]
    assert process.wait(timeout=20) == 78
    assert "registry.feed.sinks cannot be" in cluster.log("registry")
