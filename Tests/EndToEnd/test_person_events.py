"""What other authorities report of a person, over the wire: what ends by it, that an application on
its way is closed, and that one which comes all the same comes back to its officer."""

import datetime

import grpc
import pytest

import people
from stubs import pb
from walk import Walk, key

TODAY = datetime.date.today().isoformat()


@pytest.fixture
def walk(clients, rng, year_ago) -> Walk:
    """A submitted application."""
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    assert walk.submit().submitted
    return walk


def report(walk: Walk, caller: str = "registration", **event):
    request = pb.registry.ReportPersonEventRequest(
        idempotency_key=key(walk.rng, "event"),
        citizen_id=walk.person.citizen_id,
        source="人口管理部门",
        reference="2026-1",
        **event,
    )
    clients = walk.clients
    return clients.call(
        clients.registry.ReportPersonEvent, request, clients.signer.caller("integrator", caller)
    )


def wait_for_refusal(walk: Walk):
    officer = walk.clients.officer("approve", "330106000000", 3)
    for _ in range(2_000):
        case = walk.case(officer)
        if case.state == pb.approval.CASE_STATE_ISSUE_REFUSED:
            return case
    raise AssertionError(f"the case stays in state {case.state}")


DEATH = dict(death=pb.registry.Death(died_on=TODAY))
HUKOU = dict(hukou_moved=pb.registry.HukouMove(division_code="330106", moved_on=TODAY))


@pytest.mark.parametrize("is_accepted", [False, True])
@pytest.mark.parametrize(
    ("event", "reason", "is_told"),
    [
        (DEATH, pb.model.CLOSURE_REASON_DEATH, False),
        (HUKOU, pb.model.CLOSURE_REASON_LOCAL_HUKOU, True),
    ],
)
def test_an_undecided_application_is_closed(walk, event, reason, is_told, is_accepted):
    if is_accepted:
        walk.opinion(pb.approval.STAGE_ACCEPT, pb.approval.DECISION_PASS)
        walk.wait_for(pb.intake.APPLICATION_STATE_ACCEPTED)
    else:
        walk.case(walk.right_officer(pb.approval.STAGE_ACCEPT))
    answer = report(walk, **event)
    assert answer.person_known
    assert len(answer.ended_registration_ids) == 1
    closure = walk.wait_for(pb.intake.APPLICATION_STATE_CLOSED).closure
    assert (closure.reason, closure.event_on) == (reason, TODAY)
    case = walk.case(walk.clients.auditor)
    assert case.state == pb.approval.CASE_STATE_CLOSED
    assert case.closure == closure
    with pytest.raises(grpc.RpcError) as error:
        walk.opinion(
            pb.approval.STAGE_REVIEW if is_accepted else pb.approval.STAGE_ACCEPT,
            pb.approval.DECISION_PASS,
        )
    assert error.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    if is_told:
        walk.wait_for_text("application_closed")
    told = [text.template_id for text in walk.messages()]
    assert told.count("application_closed") == is_told
    # Reported anew, by somebody else's paper, it changes nothing.
    report(walk, **event)
    history = pb.approval.GetCaseHistoryRequest(case_id=case.case_id)
    method = walk.clients.approval.GetCaseHistory
    events = walk.clients.call(method, history, walk.clients.auditor).events
    assert [event.action for event in events].count("closed") == 1


def test_the_first_application_of_somebody_unknown_to_the_registry_is_closed(clients, rng):
    walk = Walk(clients, people.make(rng), rng)
    walk.draft()
    walk.upload()
    assert walk.submit(acknowledge=True).submitted
    assert not report(walk, **DEATH).person_known
    walk.wait_for(pb.intake.APPLICATION_STATE_CLOSED)


@pytest.mark.parametrize(
    ("event", "reason"), [(DEATH, "PERSON_DECEASED"), (HUKOU, "HUKOU_IN_UNIT")]
)
def test_an_approved_application_comes_back_to_its_officer(clients, rng, year_ago, event, reason):
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    report(walk, **event)
    # What is submitted after the event was recorded, the registry refuses.
    walk.draft()
    walk.upload()
    assert walk.submit(acknowledge=True).submitted
    walk.three_opinions()
    case = wait_for_refusal(walk)
    assert [found.code for found in case.outcome.issue_refused_reasons] == [reason]
    assert "permit_issued" not in {text.template_id for text in walk.messages()}


def test_a_death_ends_a_permit(walk):
    walk.three_opinions()
    identifier = walk.wait_for(
        pb.intake.APPLICATION_STATE_COMPLETED
    ).completion.certificate_identifier
    walk.wait_for_text("permit_issued")
    answer = report(walk, death=pb.registry.Death(died_on=TODAY))
    assert answer.cancelled_certificate_identifier == identifier
    clients = walk.clients
    request = pb.registry.GetPermitRequest(certificate_identifier=identifier)
    permit = clients.call(clients.registry.GetPermit, request, clients.auditor).permit
    assert permit.state == pb.registry.PERMIT_STATE_CANCELLED
    assert permit.cancel_reason == pb.registry.CANCEL_REASON_DEATH


def test_no_other_platform_reports(walk):
    with pytest.raises(grpc.RpcError) as error:
        report(walk, caller="zhelibanapp", death=pb.registry.Death(died_on=TODAY))
    assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
