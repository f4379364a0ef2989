"""Kill any process at any moment: after restart the world is as if it had only been slow; also where
each service has several processes on one database."""

import datetime
import os
import random
import subprocess
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor

import pytest

import people
from cluster import SERVICES, Cluster
from conftest import stopping
from postgres import Server
from stubs import ROOT, pb
from walk import Clients, Walk

APPLICATIONS = 50
WALKERS = 6
LONG = os.environ.get("ANJU_LONG") == "1"
KILLS = 200 if LONG else 20
# One process a service is killed on SQLite at each run; several need a server.
REPLICAS = [1, 2, 3] if LONG else [2, 3]


class Killer(threading.Thread):
    """Kills one executable at a time at seeded moments and starts it again."""

    def __init__(self, cluster: Cluster, seed: str, server: Server | None = None):
        """`server`: the database's, which dies as well, if there is one."""
        super().__init__()
        self.cluster = cluster
        self.server = server
        self.rng = random.Random(seed)
        self.kills: list[str] = []
        self.failure: BaseException | None = None
        self.done = threading.Event()

    def run(self) -> None:
        pause = threading.Event()
        try:
            while len(self.kills) < KILLS:
                pause.wait(self.rng.uniform(0.05, 0.6))
                names = self.cluster.names
                name = self.rng.choice([*names, "database"] if self.server else names)
                self.kills.append(name)
                if name == "database":
                    self.server.kill()
                    pause.wait(self.rng.uniform(0.0, 0.3))
                    self.server.again()
                    continue
                self.cluster.kill(name)
                pause.wait(self.rng.uniform(0.0, 0.3))
                self.cluster.restart(name)
                self.cluster.wait_ready(name)
        except BaseException as failure:  # told to the test, which raises it
            self.failure = failure
        finally:
            self.done.set()


def one_walk(clients: Clients, seed: str, person, declared_on: str, killer: Killer) -> Walk:
    """One application, slowly enough that kills fall between and inside its calls."""
    rng = random.Random(seed)
    walk = Walk(clients, person, rng)
    pause = threading.Event()
    for step in (
        lambda: walk.register(declared_on),
        walk.draft,
        walk.upload,
        walk.submit,
        lambda: walk.claim(1),
        lambda: walk.opinion(1, 1),
        lambda: walk.opinion(2, 1),
        lambda: walk.claim(3),
        lambda: walk.opinion(3, 1),
        lambda: walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED),
    ):
        if not killer.done.is_set():
            pause.wait(rng.uniform(0.0, 0.02 * KILLS))
        step()
    return walk


def all_messages(clients: Clients) -> list:
    messages, token = [], ""
    while True:
        request = pb.notification.ListMessagesRequest(page=pb.model.Page(size=500, token=token))
        answer = clients.call(clients.notification.ListMessages, request, clients.auditor)
        messages += answer.messages
        token = answer.next_page_token
        if not token:
            return messages


def all_permits(clients: Clients) -> list:
    permits, token = [], ""
    while True:
        request = pb.registry.FindPermitsRequest(page=pb.model.Page(size=500, token=token))
        answer = clients.call(clients.registry.FindPermits, request, clients.auditor)
        permits += answer.permits
        token = answer.next_page_token
        if not token:
            return permits


def test_nothing_lost_nothing_twice(fresh_cluster, year_ago):
    assert_nothing_lost_nothing_twice(fresh_cluster, year_ago)


@pytest.mark.parametrize("replicas", REPLICAS)
def test_nothing_lost_nothing_twice_on_postgres(tmp_path, year_ago, replicas):
    server = Server(tmp_path, SERVICES)
    try:
        cluster = Cluster(tmp_path, server.settings(), replicas)
        with stopping(cluster):
            cluster.start_all()
            assert_nothing_lost_nothing_twice(cluster, year_ago, server)
    finally:
        server.remove()


def assert_nothing_lost_nothing_twice(
    cluster: Cluster, year_ago: str, server: Server | None = None
) -> None:
    seed = os.environ.get("ANJU_SEED", "1")
    print(f"ANJU_SEED={seed}")
    rng = random.Random(seed)
    persons = {person.phone: person for person in (people.make(rng) for _ in range(APPLICATIONS))}
    assert len(persons) == APPLICATIONS
    clients = Clients(cluster)
    killer = Killer(cluster, seed, server)
    killer.start()
    with ThreadPoolExecutor(WALKERS) as pool:
        futures = [
            pool.submit(one_walk, clients, f"{seed}:{phone}", person, year_ago, killer)
            for phone, person in persons.items()
        ]
        walks = [future.result() for future in futures]
    killer.join()
    if killer.failure:
        raise killer.failure
    assert len(killer.kills) == KILLS

    for walk in walks:
        walk.wait_for_text("permit_issued")
    permits = all_permits(clients)
    assert len(permits) == APPLICATIONS
    assert len({permit.application_id for permit in permits}) == APPLICATIONS

    ids_by_phone = defaultdict(set)
    lines_by_id = defaultdict(int)
    issued = {m.message_id for m in all_messages(clients) if m.template_id == "permit_issued"}
    for line in cluster.delivered():
        lines_by_id[line["message_id"]] += 1
        if line["message_id"] in issued:
            ids_by_phone[line["phone"]].add(line["message_id"])
    assert set(ids_by_phone) == set(persons)
    assert all(len(ids) == 1 for ids in ids_by_phone.values())
    assert set(lines_by_id.values()) == {1}, "a text was delivered twice"
    assert_decided_once(clients, walks)
    assert_reconciled(cluster)
    clients.close()


def assert_decided_once(clients: Clients, walks: list[Walk]) -> None:
    """Three persons have signed each case, the claims are there once each, and so is every count."""
    approval = clients.approval
    for walk in walks:
        case = walk.case(clients.auditor)
        assert [opinion.stage for opinion in case.opinions] == [1, 2, 3]
        assert len({opinion.officer_id for opinion in case.opinions}) == 3
        asked = pb.approval.GetCaseHistoryRequest(case_id=case.case_id)
        history = clients.call(approval.GetCaseHistory, asked, clients.auditor)
        claims = [event for event in history.desk_events if event.action == "claimed"]
        assert [event.role for event in claims] == ["accept", "approve"]
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    days = dict(from_on=str(today - datetime.timedelta(days=1)), to_on=str(today))
    asked = pb.approval.GetStatisticsRequest(**days)
    [line] = clients.call(approval.GetStatistics, asked, clients.auditor).lines
    assert (line.received, line.completed, line.decided) == (len(walks),) * 3
    assert line.on_time == len(walks)


def assert_reconciled(cluster: Cluster) -> None:
    """`anju reconcile` compares the four stores and finds no difference. What a killed process had
    claimed of a store that others may have open waits for its lease's end: 15 s."""
    command = [str(cluster.bin / "anju"), "reconcile", "--keys", str(cluster.keys)]
    command += ["--settle", "40"]
    for service in cluster.replicas:
        command += [f"--{service}", cluster.addresses(service)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert result.returncode == 0, result.stdout + result.stderr
