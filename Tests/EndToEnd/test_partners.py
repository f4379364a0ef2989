"""What integrators build on, with grpcio alone: the guide, the service points, and the feed of all they
submitted."""

import random
import threading
import time

import grpc
import pytest

import people
from stubs import pb
from test_access import reason
from walk import WALK_SECONDS_MAX, Clients, Walk

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
