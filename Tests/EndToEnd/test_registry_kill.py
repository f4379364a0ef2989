"""Kill the registry at any moment of issuing, endorsing and converting, its sequencer included: each
change has one entry of the log and, soon after the restart, one leaf of the tree; and the reverse."""

import contextlib
import datetime
import os
import random
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import people
import rfc9162
from cluster import SERVICES, Cluster
from postgres import Server
from stubs import pb
from test_kill import Killer
from walk import BUREAU, RESIDENCE, Clients, identity, key

LONG = os.environ.get("ANJU_LONG") == "1"
KILLS = 200 if LONG else 20
CALLERS = 8
# All leaves are there so long after a restart: two seconds, and time for a loaded machine.
LEAF_SECONDS_MAX = 30
SUICHANG = dict(division_code="331123", street="妙高街道", community="", detail="北街1号")


class Life:
    """One person's permit from issue to conversion, every call repeated until it is answered."""

    def __init__(self, clients: Clients, rng: random.Random, today: datetime.date):
        self.clients = clients
        self.rng = rng
        self.today = today
        self.person = people.make(rng)
        self.caller = clients.signer.caller("service", "approval")

    def order(self, number: int):
        return pb.registry.Order(
            application_id=f"{self.person.phone}-{number}",
            case_id=f"case-{self.person.phone}-{number}",
            actor="officer:approver-1",
            actor_office=BUREAU,
            decided_on=self.today.isoformat(),
            policy_version="zhejiang-1",
        )

    def issue(self) -> str:
        order = self.order(1)
        year_ago = self.today - datetime.timedelta(days=400)
        request = pb.registry.IssuePermitRequest(
            idempotency_key=key(self.rng, "issue"),
            application_id=order.application_id,
            case_id=order.case_id,
            holder=identity(self.person),
            residence=pb.model.Address(**RESIDENCE),
            phone=self.person.phone,
            photo_sha256=bytes(32),
            bureau_code=BUREAU,
            issued_on=year_ago.isoformat(),
            actor=order.actor,
            actor_office=order.actor_office,
            policy_version=order.policy_version,
        )
        return self.call("IssuePermit", request).permit.certificate_identifier

    def endorse(self, identifier: str) -> str:
        request = pb.registry.EndorsePermitRequest(
            idempotency_key=key(self.rng, "endorse"),
            certificate_identifier=identifier,
            order=self.order(2),
            submitted_on=self.today.isoformat(),
        )
        return self.call("EndorsePermit", request).permit.certificate_identifier

    def convert(self) -> tuple[str, str]:
        request = pb.registry.ConvertPermitRequest(
            idempotency_key=key(self.rng, "convert"),
            order=self.order(3),
            kind=pb.registry.CONVERSION_KIND_EXISTING_PERMIT,
            holder=identity(self.person),
            residence=pb.model.Address(**SUICHANG),
            phone=self.person.phone,
            photo_sha256=bytes(32),
            bureau_code="331123000000",
        )
        answer = self.call("ConvertPermit", request)
        return answer.cancelled_certificate_identifier, answer.permit.certificate_identifier

    def call(self, method: str, request):
        stub = getattr(self.clients.registry, method)
        return self.clients.call(stub, request, self.caller)

    def run(self) -> tuple[str, str]:
        """The cancelled permit's identifier and that of the one that lives."""
        endorsed = self.endorse(self.issue())
        cancelled, live = self.convert()
        assert cancelled == endorsed
        return cancelled, live


def lives(clients: Clients, rng: random.Random, killer: Killer, today) -> list[tuple[str, str]]:
    """One life after another for as long as somebody kills."""
    ended = []
    while not killer.done.is_set():
        ended.append(Life(clients, rng, today).run())
    return ended


class Registry(Cluster):
    """The registry alone: its texts wait in its outbox, which no test here empties."""

    def __init__(self, folder, settings=None):
        super().__init__(folder, settings)
        self.names = ["registry"]


class SQLiteRows:
    """Reads the registry's store beside the running process."""

    def __init__(self, cluster: Cluster):
        self.place = f"file:{cluster.folder}/data/registry.db?mode=ro"

    def __call__(self, query: str) -> list[tuple[str, ...]]:
        query = query.format(leaf="lower(hex(leaf_hash))", root="lower(hex(root))")
        with contextlib.closing(sqlite3.connect(self.place, uri=True, timeout=30)) as store:
            return [tuple(str(value) for value in row) for row in store.execute(query)]


class PostgresRows:
    def __init__(self, server: Server):
        self.server = server

    def __call__(self, query: str) -> list[tuple[str, ...]]:
        query = query.format(leaf="encode(leaf_hash, 'hex')", root="encode(root, 'hex')")
        return self.server.rows("anju_registry", query)


@pytest.mark.parametrize("engine", ["sqlite", "postgres"])
def test_each_change_has_one_entry_and_one_leaf(tmp_path, engine):
    if engine == "sqlite":
        cluster = Registry(tmp_path)
        assert_all_is_logged(cluster, SQLiteRows(cluster))
        return
    server = Server(tmp_path, SERVICES)
    try:
        assert_all_is_logged(Registry(tmp_path, server.settings()), PostgresRows(server), server)
    finally:
        server.remove()


def assert_all_is_logged(cluster: Cluster, rows, server: Server | None = None) -> None:
    seed = os.environ.get("ANJU_SEED", "1")
    print(f"ANJU_SEED={seed}")
    # The day in Asia/Shanghai.
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    cluster.start("registry")
    try:
        cluster.wait_ready("registry")
        clients = Clients(cluster)
        killer = Killer(cluster, seed, server)
        killer.start()
        with ThreadPoolExecutor(CALLERS) as pool:
            futures = [
                pool.submit(lives, clients, random.Random(f"{seed}:{n}"), killer, now.date())
                for n in range(CALLERS)
            ]
            ended = [life for future in futures for life in future.result()]
        killer.join()
        if killer.failure:
            raise killer.failure
        clients.close()
        assert_leaves(rows)
        assert_histories(rows, ended)
    finally:
        cluster.stop_all()


def assert_leaves(rows) -> None:
    """Every line of every history has its entry, every entry its leaf, and the tree is theirs."""
    deadline = time.monotonic() + LEAF_SECONDS_MAX
    pause = threading.Event()
    while rows("SELECT id FROM log_entry WHERE leaf_index IS NULL"):
        assert time.monotonic() < deadline, "an entry has no leaf"
        pause.wait(0.05)
    lines = rows("SELECT entity, sequence FROM history ORDER BY entity, sequence")
    entries = rows("SELECT entity, sequence FROM log_entry ORDER BY entity, sequence")
    assert len(set(lines)) == len(lines)
    assert sorted(entries) == sorted(lines)
    leaves = rows("SELECT leaf_index, {leaf} FROM log_entry ORDER BY leaf_index")
    assert [int(index) for index, _ in leaves] == list(range(len(lines)))
    size, root = rows("SELECT size, {root} FROM log_head ORDER BY size DESC LIMIT 1")[0]
    assert int(size) == len(leaves)
    assert rfc9162.root_of([bytes.fromhex(leaf) for _, leaf in leaves]).hex() == root


def assert_histories(rows, ended: list[tuple[str, str]]) -> None:
    """What was answered is what is stored, and it happened once."""
    assert len(ended) >= CALLERS
    query = "SELECT permit_id, certificate_identifier, cancelled_at IS NULL FROM permit"
    stored = {identifier: (permit, alive) for permit, identifier, alive in rows(query)}
    actions: dict[str, list[str]] = {}
    for entity, action in rows("SELECT entity, action FROM history ORDER BY entity, sequence"):
        actions.setdefault(entity, []).append(action)
    for cancelled, live in ended:
        permit, alive = stored[cancelled]
        assert alive in ("0", "f")
        # The timer may have come before the late endorsement.
        happened = [action for action in actions[permit] if action != "suspend_permit"]
        assert happened == ["issue_permit", "endorse_permit", "cancel_permit"]
        assert len(actions[permit]) - len(happened) <= 1
        permit, alive = stored[live]
        assert alive in ("1", "t")
        assert actions[permit] == ["issue_permit"]
    assert len(stored) == 2 * len(ended)
