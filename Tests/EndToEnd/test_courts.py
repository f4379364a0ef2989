"""What a court orders of a case, over the wire: nothing is decided on it until a second order lifts
the first, and the services around it bear that."""

import random

import people
from stubs import pb
from test_desks import refused
from walk import BUREAU, Clients, Walk, key

ACCEPT, REVIEW, APPROVE = 1, 2, 3
PASS = 1
NUMBER, SECOND = "(2026)浙0106行审1号", "(2026)浙0106行审9号"
ON_HOLD = "FAILED_PRECONDITION", "CASE_ON_HOLD"


def head(clients: Clients) -> list:
    return clients.officer("head", BUREAU, 7)


def place(walk: Walk, caller: list):
    clients, case = walk.clients, walk.case(walk.clients.auditor)
    request = pb.approval.PlaceCaseHoldRequest(
        idempotency_key=key(walk.rng, "hold"),
        case_id=case.case_id,
        expected_version=case.version,
        document_number=NUMBER,
        court="杭州市西湖区人民法院",
    )
    return clients.call(clients.approval.PlaceCaseHold, request, caller)


def release(walk: Walk):
    clients, case = walk.clients, walk.case(walk.clients.auditor)
    request = pb.approval.ReleaseCaseHoldRequest(
        idempotency_key=key(walk.rng, "release"),
        case_id=case.case_id,
        expected_version=case.version,
        document_number=NUMBER,
        release_document_number=SECOND,
    )
    return clients.call(clients.approval.ReleaseCaseHold, request, head(clients))


def test_a_held_case_is_decided_only_after_a_second_order(clients, year_ago):
    rng = random.Random("court")
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()
    walk.opinion(ACCEPT, PASS)
    stranger = refused(lambda: place(walk, walk.right_officer(REVIEW)))
    assert stranger == ("PERMISSION_DENIED", "OFFICER_WRONG_OFFICE")
    (hold,) = place(walk, head(clients)).holds
    assert (hold.document_number, hold.released_at_ms) == (NUMBER, 0)
    assert refused(lambda: walk.opinion(REVIEW, PASS)) == ON_HOLD
    assert refused(lambda: walk.claim(REVIEW)) == ON_HOLD
    # The applicant cannot take it back either: the withdrawal falls.
    ask = pb.intake.WithdrawApplicationRequest(
        idempotency_key=key(rng, "withdraw"), application_id=walk.application_id
    )
    version = clients.call(clients.intake.WithdrawApplication, ask, walk.caller).version
    for _ in range(2_000):
        application = walk.wait_for(pb.intake.APPLICATION_STATE_ACCEPTED)
        if application.version > version:
            break
    assert not application.HasField("withdrawal")
    (lifted,) = release(walk).holds
    assert lifted.release_document_number == SECOND
    walk.opinion(REVIEW, PASS)
    walk.opinion(APPROVE, PASS)
    assert walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED).completion.certificate_identifier
