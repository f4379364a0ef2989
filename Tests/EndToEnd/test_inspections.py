"""Whether a permit was obtained by deception, over the wire: the holder is heard, three officers take
their parts, and the registry cancels by the number of the decision."""

import pytest

import people
from inspections import Inspection
from stubs import pb
from test_desks import desk_events, refused
from walk import Walk

NUMBER = "西公(流)罚决字〔2026〕1号"
FRAUD = dict(
    outcome=pb.approval.INSPECTION_OUTCOME_FRAUD,
    findings="劳动合同系伪造。",
    decision_number=NUMBER,
    penalty=pb.approval.PENALTY_FINE,
    fine_yuan=200,
)
NOTHING = dict(
    outcome=pb.approval.INSPECTION_OUTCOME_NOTHING_FOUND, findings="用人单位确认劳动关系属实。"
)


@pytest.fixture
def walk(clients, rng, year_ago) -> Walk:
    """An application that ended in a permit."""
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    walk.wait_for_text("permit_issued")
    return walk


def permit(walk: Walk, identifier: str):
    clients = walk.clients
    request = pb.registry.GetPermitRequest(certificate_identifier=identifier)
    return clients.call(clients.registry.GetPermit, request, clients.auditor).permit


def test_a_permit_by_deception_is_cancelled_by_the_decision(walk):
    inspection = Inspection(walk)
    identifier = inspection.now.certificate_identifier
    pending = refused(lambda: inspection.conclude(inspection.proposer, FRAUD))
    assert pending == ("FAILED_PRECONDITION", "STATEMENT_PENDING")
    inspection.hear()
    inspection.conclude(inspection.proposer, FRAUD)
    same = walk.clients.officer("approve", "330106000000", 12)
    twice = refused(lambda: inspection.conclude(same, FRAUD))
    assert twice == ("FAILED_PRECONDITION", "OFFICER_ALREADY_IN_CASE")
    # On suspicion alone nothing has become of the permit.
    assert permit(walk, identifier).cancelled_at_ms == 0
    inspection.conclude(inspection.decider, FRAUD)
    assert inspection.wait_for(pb.approval.INSPECTION_STATE_CANCELLED).cancelled_at_ms > 0
    cancelled = permit(walk, identifier)
    assert cancelled.state == pb.registry.PERMIT_STATE_CANCELLED
    assert cancelled.cancel_reason == pb.registry.CANCEL_REASON_FRAUD
    walk.wait_for_text("permit_cancelled")
    request = pb.registry.GetPermitHistoryRequest(certificate_identifier=identifier)
    history = walk.clients.call(
        walk.clients.registry.GetPermitHistory, request, walk.clients.auditor
    )
    assert NUMBER in history.events[-1].detail
    actions = [event.action for event in desk_events(walk.clients, walk)]
    assert [action for action in actions if not action.startswith("refused_")] == [
        "inspection_opened",
        "inspection_statement",
        "inspection_proposed",
        "inspection_decided",
        "inspection_cancelled",
        "credit_recorded",
    ]


def test_where_nothing_is_found_the_permit_stays(walk):
    inspection = Inspection(walk)
    inspection.hear()
    inspection.conclude(inspection.proposer, FRAUD)
    # The second officer sees it otherwise: it is concluded anew.
    returned = inspection.conclude(inspection.decider, NOTHING)
    assert returned.state == pb.approval.INSPECTION_STATE_OPEN
    inspection.conclude(inspection.proposer, NOTHING)
    cleared = inspection.conclude(inspection.decider, NOTHING)
    assert cleared.state == pb.approval.INSPECTION_STATE_CLEARED
    assert permit(walk, cleared.certificate_identifier).state == pb.registry.PERMIT_STATE_VALID
    listed = pb.approval.ListInspectionsRequest(case_id=cleared.case_id, include_closed=True)
    method = walk.clients.approval.ListInspections
    found = walk.clients.call(method, listed, inspection.opener).inspections
    assert [one.inspection_id for one in found] == [cleared.inspection_id]
