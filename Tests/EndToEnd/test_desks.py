"""Officers' desks from outside: claims, batches, the watch of an office's work, statistics, and what is
left of commands that were refused."""

import datetime
import random
import threading

import grpc
import pytest

import people
from stubs import pb
from test_access import reason
from walk import BUREAU, Clients, Walk, key

ACCEPT, REVIEW, APPROVE = 1, 2, 3
PASS = 1
ANOTHER_STATION = "330102500000"
CALL_SECONDS_MAX = 10


def waiting(clients: Clients, year_ago: str, seed: str) -> Walk:
    """An application that waits for its officer."""
    rng = random.Random(seed)
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()
    walk.case(clients.auditor)
    return walk


def refused(call) -> tuple[str, str]:
    with pytest.raises(grpc.RpcError) as raised:
        call()
    return raised.value.code().name, reason(raised.value)


def desk_events(clients: Clients, walk: Walk) -> list:
    request = pb.approval.GetCaseHistoryRequest(case_id=walk.case(clients.auditor).case_id)
    return list(clients.call(clients.approval.GetCaseHistory, request, clients.auditor).desk_events)


def test_a_claimed_case_is_one_officers(clients, year_ago):
    walk = waiting(clients, year_ago, "claimed")
    one = clients.officer("accept", walk.office, 1)
    two = clients.officer("accept", walk.office, 2)
    held = walk.claim(ACCEPT, one)
    assert held.claim_number == 1
    another = "FAILED_PRECONDITION", "CASE_HELD_BY_ANOTHER"
    assert refused(lambda: walk.claim(ACCEPT, two)) == another
    assert refused(lambda: walk.opinion(ACCEPT, PASS, officer=two)) == another
    request = pb.approval.ReleaseCaseRequest(
        idempotency_key=key(walk.rng, "release"),
        case_id=walk.case(one).case_id,
        claim_number=held.claim_number,
    )
    clients.call(clients.approval.ReleaseCase, request, one)
    assert walk.claim(ACCEPT, two).claim_number == 2
    # Whoever gave it back, and comes back with the old number.
    opinion = pb.approval.RecordOpinionRequest(
        idempotency_key=key(walk.rng, "opinion"),
        case_id=walk.case(one).case_id,
        expected_version=1,
        stage=ACCEPT,
        decision=PASS,
        claim_number=1,
    )
    lost = refused(lambda: clients.call(clients.approval.RecordOpinion, opinion, one))
    assert lost == ("FAILED_PRECONDITION", "CLAIM_LOST")
    walk.opinion(ACCEPT, PASS, officer=two)
    events = desk_events(clients, walk)
    assert [event.action for event in events] == [
        *("claimed", "refused_claim", "refused_opinion", "released", "claimed", "refused_opinion"),
    ]
    assert events[2].detail == "CASE_HELD_BY_ANOTHER,state=awaiting_acceptance/1"
    assert events[5].detail.startswith("CLAIM_LOST,CASE_HELD_BY_ANOTHER")


def test_nobody_decides_what_is_about_himself(clients, year_ago):
    walk = waiting(clients, year_ago, "own")
    himself = clients.signer.caller(
        "officer", "p9", role="accept", office=walk.office, person=walk.person.citizen_id
    )
    own = "FAILED_PRECONDITION", "OFFICER_MUST_RECUSE"
    assert refused(lambda: walk.claim(ACCEPT, himself)) == own
    assert refused(lambda: walk.opinion(ACCEPT, PASS, officer=himself)) == own
    assert [event.action for event in desk_events(clients, walk)] == [
        *("refused_claim", "refused_opinion"),
    ]


def test_a_batch_has_a_result_for_each_case(clients, year_ago):
    walks = [waiting(clients, year_ago, f"batch {number}") for number in range(3)]
    assert len({walk.office for walk in walks}) == 1
    officer = clients.officer("accept", walks[0].office, 1)
    walks[1].claim(ACCEPT, clients.officer("accept", walks[0].office, 2))
    opinions = [
        pb.approval.RecordOpinionRequest(
            idempotency_key=key(walk.rng, "opinion"),
            case_id=walk.case(officer).case_id,
            expected_version=1,
            stage=ACCEPT,
            decision=PASS,
        )
        for walk in walks
    ]
    request = pb.approval.RecordOpinionsRequest(opinions=opinions)
    results = clients.call(clients.approval.RecordOpinions, request, officer).results
    assert [result.WhichOneof("outcome") for result in results] == ["signed", "refused", "signed"]
    assert results[1].refused.reason == "CASE_HELD_BY_ANOTHER"
    assert results[1].refused.status_code == grpc.StatusCode.FAILED_PRECONDITION.value[0]
    again = clients.call(clients.approval.RecordOpinions, request, officer).results
    assert [again[0], again[2]] == [results[0], results[2]]


class Watcher:
    """Hears an office's work until it has heard of so many changes of a case, over kills."""

    def __init__(self, clients: Clients, office: str, caller):
        self.clients, self.office, self.caller = clients, office, caller
        self.token, self.changes = "", []

    def hear(self, case_id: str, count: int) -> None:
        """Goes on from its token whenever the stream ends."""
        deadline = threading.Event()
        timer = threading.Timer(60, deadline.set)
        timer.start()
        while not deadline.is_set():
            request = pb.approval.WatchWorkRequest(
                office_code=self.office, resume_token=self.token
            )
            stream = self.clients.approval.WatchWork(
                request, metadata=self.caller, timeout=CALL_SECONDS_MAX
            )
            try:
                for answer in stream:
                    self.changes += [c for c in answer.changes if c.item.case_id == case_id]
                    self.token = answer.resume_token
                    if len(self.changes) >= count:
                        timer.cancel()
                        stream.cancel()
                        return
            except grpc.RpcError as error:
                code = error.code()
                assert code.name in {"UNAVAILABLE", "CANCELLED", "DEADLINE_EXCEEDED"}, error
        raise AssertionError(f"heard {len(self.changes)} of {count} changes of {case_id}")


def test_a_watch_goes_on_after_a_kill(fresh_cluster, year_ago):
    clients = Clients(fresh_cluster)
    walk = waiting(clients, year_ago, "watched")
    officer = clients.officer("accept", walk.office, 1)
    watcher = Watcher(clients, walk.office, officer)
    case_id = walk.case(officer).case_id
    watcher.hear(case_id, 1)
    walk.claim(ACCEPT)
    fresh_cluster.kill("approval")
    fresh_cluster.restart("approval")
    fresh_cluster.wait_ready("approval")
    walk.three_opinions()
    watcher.hear(case_id, 4)
    moves = [pb.approval.WorkMove.Name(change.move) for change in watcher.changes]
    assert moves == [f"WORK_MOVE_{move}" for move in ("ARRIVED", "CHANGED", "CHANGED", "LEFT")]
    assert [change.item.case_id for change in watcher.changes] == [case_id] * 4
    stranger = clients.officer("accept", ANOTHER_STATION, 1)
    request = pb.approval.WatchWorkRequest(office_code=walk.office)
    stream = clients.approval.WatchWork(request, metadata=stranger, timeout=CALL_SECONDS_MAX)
    assert refused(lambda: list(stream)) == ("PERMISSION_DENIED", "OFFICER_WRONG_OFFICE")
    clients.close()


def test_the_green_channel_stands_first_and_is_counted(clients, year_ago):
    walk = waiting(clients, year_ago, "green")
    officer = clients.officer("accept", walk.office, 1)
    today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
    days = dict(from_on=str(today - datetime.timedelta(days=1)), to_on=str(today))
    asked = pb.approval.GetStatisticsRequest(**days, division_code=BUREAU[:6])

    def counted():
        lines = clients.call(clients.approval.GetStatistics, asked, officer).lines
        return lines[0]

    before = counted()
    request = pb.approval.ExpediteCaseRequest(
        idempotency_key=key(walk.rng, "expedite"),
        case_id=walk.case(officer).case_id,
        expected_version=1,
        reason="medical",
    )
    answer = clients.call(clients.approval.ExpediteCase, request, officer)
    listing = pb.approval.ListWorkRequest(
        stage=ACCEPT, filter=pb.approval.WorkFilter(green=True)
    )
    [item] = clients.call(clients.approval.ListWork, listing, officer).items
    assert item.desk.green_reason == "medical"
    assert item.desk.green_due_at_ms == answer.green_due_at_ms
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    after = counted()
    assert after.received == before.received
    assert after.green == before.green + 1
    assert after.green_on_time == before.green_on_time + 1
    assert after.completed == before.completed + 1
    assert after.on_time == before.on_time + 1
