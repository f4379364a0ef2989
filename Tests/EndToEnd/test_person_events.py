"""What other authorities report of a person, over the wire: what ends by it, and that an application
on its way comes back to its officer."""

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


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (dict(death=pb.registry.Death(died_on=TODAY)), "PERSON_DECEASED"),
        (
            dict(hukou_moved=pb.registry.HukouMove(division_code="330106", moved_on=TODAY)),
            "HUKOU_IN_UNIT",
        ),
    ],
)
def test_an_approved_application_comes_back_to_its_officer(walk, event, reason):
    answer = report(walk, **event)
    assert answer.person_known
    assert len(answer.ended_registration_ids) == 1
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
