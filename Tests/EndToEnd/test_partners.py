"""What integrators build on, with grpcio alone: the guide, the service points, the feed of all they
submitted, and batches."""

import contextlib
import os
import random
import sqlite3
import threading
import time

import grpc
import pytest

import people
from cluster import Cluster
from conftest import stopping
from stubs import pb
from test_access import reason
from walk import RESIDENCE, WALK_SECONDS_MAX, Clients, Walk, form

CALL_SECONDS_MAX = 30
FIRST_PERMIT = pb.model.APPLICATION_KIND_FIRST_PERMIT
ENDED = {pb.intake.APPLICATION_STATE_COMPLETED, pb.intake.APPLICATION_STATE_NOT_ACCEPTED}


def test_the_guide_says_what_a_walk_then_does(clients, year_ago):
    """Who only read the guide knows the materials, the office and the terms of a real application."""
    request = pb.intake.GetGuideRequest(kind=FIRST_PERMIT, division_code="330106")
    guide = clients.call(clients.intake.GetGuide, request, clients.auditor).guide
    asked = {material.material for material in guide.materials}
    walk = Walk(clients, people.make(random.Random("guide")), random.Random("guide"))
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()
    assert {kind for kind, _ in walk_materials(walk)} <= asked
    accepting = next(s for s in guide.stages if s.step == pb.intake.GUIDE_STEP_ACCEPT)
    assert walk.office in {office.office_code for office in accepting.offices}
    ways = {appeal.way: (appeal.authority, appeal.length) for appeal in guide.appeals}
    assert ways[pb.intake.APPEAL_WAY_REVIEW] == ("西湖区人民政府", 60)
    assert ways[pb.intake.APPEAL_WAY_LITIGATION] == ("西湖区人民法院", 6)
    assert all(part.ground for part in (*guide.rules, *guide.stages, *guide.terms, *guide.fees))


def walk_materials(walk):
    request = pb.intake.GetApplicationRequest(application_id=walk.application_id)
    found = walk.clients.call(walk.clients.intake.GetApplication, request, walk.caller)
    return [(material.kind, material.evidence) for material in found.application.materials]


def test_service_points_say_that_they_are_samples(clients):
    request = pb.intake.ListServicePointsRequest(division_code="331123", kind=FIRST_PERMIT)
    answer = clients.call(clients.intake.ListServicePoints, request, clients.integrator)
    assert answer.sample and "sample" in answer.source
    assert {point.division_code for point in answer.points} == {"331123"}
    assert all(point.address and point.hours for point in answer.points)


class Watcher(threading.Thread):
    """Follows the feed until it has heard the end of `wanted`, and begins again wherever it was cut
    off, from the last token."""

    def __init__(self, clients: Clients, caller: list, wanted: set[str]):
        super().__init__(daemon=True)
        self.clients, self.caller, self.wanted = clients, caller, wanted
        self.changes: list = []
        self.token = ""
        self.begun = 0

    def run(self) -> None:
        deadline = time.monotonic() + WALK_SECONDS_MAX
        while not self.is_done() and time.monotonic() < deadline:
            self.begun += 1
            request = pb.intake.WatchApplicationsRequest(resume_token=self.token)
            try:
                stream = self.clients.intake.WatchApplications(
                    request, metadata=self.caller, timeout=CALL_SECONDS_MAX
                )
                for answer in stream:
                    self.changes += answer.changes
                    self.token = answer.resume_token
                    if self.is_done():
                        stream.cancel()
                        return
            except grpc.RpcError:
                time.sleep(0.05)

    def is_done(self) -> bool:
        ended = {change.application_id for change in self.changes if change.state in ENDED}
        return self.wanted <= ended


def test_a_watcher_misses_nothing_while_intake_is_killed(fresh_cluster, year_ago, rng):
    clients = Clients(fresh_cluster)
    platform = clients.signer.caller("integrator", "partner")
    walks = []
    for _ in range(4):
        walk = Walk(clients, people.make(rng), rng, caller=platform)
        walk.register(year_ago)
        walk.draft()
        walks.append(walk)
    watcher = Watcher(clients, platform, {walk.application_id for walk in walks})
    watcher.start()
    for walk in walks:
        walk.upload()
        walk.submit()
        fresh_cluster.kill("intake")
        fresh_cluster.restart("intake")
        walk.three_opinions()
    for walk in walks:
        walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    watcher.join(WALK_SECONDS_MAX)
    assert watcher.is_done(), watcher.changes
    # Each change once over all the watches, and of each application in order.
    told = [(change.application_id, change.version) for change in watcher.changes]
    assert len(told) == len(set(told)) and watcher.begun > 1
    for walk in walks:
        own = [change for change in watcher.changes if change.application_id == walk.application_id]
        assert [change.state for change in own] == [
            pb.intake.APPLICATION_STATE_SUBMITTED,
            pb.intake.APPLICATION_STATE_ACCEPTED,
            pb.intake.APPLICATION_STATE_COMPLETED,
        ]
        assert [change.version for change in own] == sorted(change.version for change in own)
        assert own[-1].certificate_identifier
    stranger = clients.signer.caller("integrator", "stranger")
    with pytest.raises(grpc.RpcError) as error:
        list(
            clients.intake.WatchApplications(
                pb.intake.WatchApplicationsRequest(resume_token=watcher.token),
                metadata=stranger,
                timeout=CALL_SECONDS_MAX,
            )
        )
    assert reason(error.value) == "RESUME_TOKEN_UNKNOWN"
    clients.close()


ROWS = 10_000 if os.environ.get("ANJU_LONG") else 300
REGISTRATIONS = 20


@pytest.fixture
def registrars_cluster(tmp_path, monkeypatch):
    """A system in which one integrator may declare residences in batches."""
    monkeypatch.setenv("INTAKE_BATCH_REGISTRARS", "registrar another")
    cluster = Cluster(tmp_path)
    with stopping(cluster):
        cluster.start_all()
        yield cluster


def lead(number: int, person) -> "pb.intake.BatchRow":
    return pb.intake.BatchRow(
        row_key=f"lead-{number}",
        lead=pb.intake.Lead(
            source=pb.intake.LEAD_SOURCE_EMPLOYER,
            reported_by="杭州某某科技有限公司",
            citizen_id=person.citizen_id,
            name=person.name,
            phone=person.phone,
            residence=pb.model.Address(**RESIDENCE),
        ),
    )


def declaration(number: int, person) -> "pb.intake.BatchRow":
    filled = form(person)
    del filled.claims[:]
    return pb.intake.BatchRow(
        row_key=f"registration-{number}",
        registration=pb.intake.BatchRegistration(
            channel=pb.model.CHANNEL_APP,
            form=filled,
            notice_version="zhejiang-2022-1",
            identity_checked_at_ms=int(time.time() * 1000) - 1000,
        ),
    )


def submitted(clients, caller, rows, after=None):
    """The results of a stream; `after` many answers it is cut off by `cut`."""
    stop, cut = after or (None, None)
    header = pb.intake.SubmitBatchRequest(header=pb.intake.BatchHeader(batch_id="batch-of-the-test"))
    sent = (header, *(pb.intake.SubmitBatchRequest(row=row) for row in rows))
    results = []
    with contextlib.suppress(grpc.RpcError) if after else contextlib.nullcontext():
        for answer in clients.intake.SubmitBatch(
            iter(sent), metadata=caller, timeout=600, wait_for_ready=True
        ):
            results.append(answer.result)
            if len(results) == stop:
                cut()
    return results


def test_a_batch_cut_off_three_times_does_each_row_once(registrars_cluster, rng):
    cluster = registrars_cluster
    clients = Clients(cluster)
    registrar = clients.signer.caller("integrator", "registrar")
    persons = {person.citizen_id: person for person in (people.make(rng) for _ in range(ROWS))}
    rows = [lead(number, person) for number, person in enumerate(persons.values())]
    declared = list(persons.values())[:REGISTRATIONS]
    rows[10:10] = [declaration(number, person) for number, person in enumerate(declared)]

    def kill():
        cluster.kill("intake")
        cluster.restart("intake")
        cluster.wait_ready("intake")

    known = {}
    for part in (len(rows) // 5, len(rows) // 2, len(rows) * 4 // 5):
        results = submitted(clients, registrar, rows, after=(part, kill))
        assert len(results) >= part
        for row, result in zip(rows, results):
            # In order, and the same as before the cut.
            assert result.row_key == row.row_key
            assert known.setdefault(result.row_key, result) == result
    results = submitted(clients, registrar, rows)
    assert [result.row_key for result in results] == [row.row_key for row in rows]
    assert all(known.setdefault(result.row_key, result) == result for result in results)
    outcomes = {result.outcome for result in results}
    assert outcomes == {pb.intake.BATCH_ROW_OUTCOME_KEPT, pb.intake.BATCH_ROW_OUTCOME_SUBMITTED}
    leads = {result.lead_id for result in results if result.lead_id}
    applications = {result.application_id for result in results if result.application_id}
    assert len(leads) == len(persons) and len(applications) == REGISTRATIONS
    with contextlib.closing(sqlite3.connect(cluster.folder / "data" / "intake.db")) as database:
        assert database.execute("SELECT COUNT(*) FROM lead").fetchone() == (len(persons),)
        assert database.execute("SELECT COUNT(*) FROM application").fetchone() == (REGISTRATIONS,)
    # Who is declared already is not reminded; the first of the others is, once.
    reminded = next(result for result in results if result.reminded)
    request = pb.notification.ListMessagesRequest(reference=reminded.lead_id)
    deadline = time.monotonic() + WALK_SECONDS_MAX
    while time.monotonic() < deadline:
        listed = clients.call(clients.notification.ListMessages, request, clients.auditor).messages
        if listed:
            break
        time.sleep(0.05)
    assert [message.template_id for message in listed] == ["registration_reminder"]
    clients.close()
