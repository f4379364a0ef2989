"""Every kind of application from its draft to its legal effect, on the running executables: online, at
the counter and by a collector, by a client made from `proto/` alone."""

import grpc
import pytest

import people
from kinds import KIND, PASS, STATION, KindWalk, day, until
from papers import look_at
from stubs import pb
from walk import BUREAU, key

REFUSE = pb.approval.DECISION_REFUSE


@pytest.fixture
def walk(clients, rng):
    return KindWalk(clients, people.make(rng), rng)


@pytest.fixture
def holder(walk, year_ago):
    """Somebody who has been registered for a year and holds a permit of last month."""
    walk.register(year_ago)
    walk.import_permit("330106", 300)
    return walk


def test_an_endorsement(walk, year_ago):
    walk.register(year_ago)
    walk.import_permit("330106", 10)
    walk.begin(KIND.APPLICATION_KIND_ENDORSEMENT).submitted().three_opinions()
    done = walk.completed()
    permit = walk.live_permit()
    assert permit.certificate_identifier == done.completion.certificate_identifier
    assert permit.valid_to_on == done.completion.valid_to_on > day(300)
    assert permit.endorsement_pending_since_on == ""


def test_an_endorsement_that_is_refused_ends_its_pending(walk, year_ago):
    walk.register(year_ago)
    walk.import_permit("330106", 10)
    walk.begin(KIND.APPLICATION_KIND_ENDORSEMENT).submitted()
    until(lambda: walk.live_permit().endorsement_pending_since_on)
    walk.opinion(pb.approval.STAGE_ACCEPT, REFUSE, [("EMPLOYMENT_NOT_PROVED", "")])
    walk.wait_for(pb.intake.APPLICATION_STATE_NOT_ACCEPTED)
    until(lambda: not walk.live_permit().endorsement_pending_since_on)


def test_an_endorsement_with_a_move(walk, year_ago):
    walk.register(year_ago)
    walk.import_permit("330106", 10)
    moved = dict(residence=pb.model.Address(detail="保俶路2号"), changed_on=day(-2))
    walk.begin(KIND.APPLICATION_KIND_ENDORSEMENT, **moved).submitted().three_opinions()
    walk.completed()
    assert walk.registrations()[-1].address.detail == "保俶路2号"


def test_a_conversion_of_a_permit(walk, year_ago):
    walk.register(year_ago)
    walk.import_permit("330302", 200)
    walk.begin(KIND.APPLICATION_KIND_CONVERSION_BY_PERMIT).submitted().three_opinions()
    done = walk.completed()
    assert walk.live_permit().certificate_identifier == done.completion.certificate_identifier
    assert walk.live_permit().division_code == "330106"
    assert len(walk.permits()) == 2
    walk.wait_for_text("permit_converted")


def test_a_conversion_by_registrations(walk, year_ago):
    walk.register(year_ago)
    walk.begin(KIND.APPLICATION_KIND_CONVERSION_BY_REGISTRATION).submitted().three_opinions()
    walk.completed()
    assert walk.live_permit().division_code == "330106"


def test_a_correction(holder):
    right = pb.model.Identity(name="王更正")
    holder.begin(KIND.APPLICATION_KIND_FACE_DATA_CORRECTION, applicant=right)
    holder.submitted().three_opinions()
    done = holder.completed()
    assert holder.live_permit().certificate_identifier == done.completion.certificate_identifier
    holder.wait_for_text("application_completed")


def test_a_cancellation(holder):
    holder.begin(KIND.APPLICATION_KIND_CANCELLATION).submitted().three_opinions()
    holder.completed()
    assert {p.state for p in holder.permits()} == {pb.registry.PERMIT_STATE_CANCELLED}


def test_a_registration_counts_from_its_submission(walk):
    walk.begin(KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION).submitted().confirm()
    done = walk.completed()
    (registration,) = walk.registrations()
    assert registration.registration_id == done.completion.registration_id
    assert registration.declared_on == day(0)
    walk.wait_for_text("application_completed")


def test_a_change_of_address(walk, year_ago):
    walk.register(year_ago)
    moved = dict(residence=pb.model.Address(detail="保俶路2号"), changed_on=day(-1))
    walk.begin(KIND.APPLICATION_KIND_ADDRESS_CHANGE, **moved).submitted().confirm()
    walk.completed()
    before, after = walk.registrations()
    assert before.ended_on == day(-1)
    assert after.previous_registration_id == before.registration_id
    assert after.address.detail == "保俶路2号"


def test_a_change_of_contact_and_workplace(holder):
    change = dict(phone="13900000001", workplace="新单位", changed_on=day(-1))
    holder.begin(KIND.APPLICATION_KIND_CONTACT_CHANGE, **change).submitted()
    done = holder.completed()
    assert holder.registrations()[-1].workplace == "新单位"
    assert done.completion.registration_id == holder.registrations()[-1].registration_id
    assert holder.wait_for_text("application_completed")


def test_a_loss_and_its_end(holder):
    holder.begin(KIND.APPLICATION_KIND_LOSS_REPORT).submitted().completed()
    assert holder.live_permit().state == pb.registry.PERMIT_STATE_LOST
    holder.begin(KIND.APPLICATION_KIND_LOSS_WITHDRAWAL).submitted().completed()
    assert holder.live_permit().state == pb.registry.PERMIT_STATE_VALID


def test_a_loss_that_the_registry_refuses_is_never_done(holder):
    """Two reports of one loss: the second finds the permit lost when it comes to the registry."""
    holder.begin(KIND.APPLICATION_KIND_LOSS_REPORT).submitted().completed()
    again = KindWalk(holder.clients, holder.person, holder.rng)
    again.begin(KIND.APPLICATION_KIND_LOSS_REPORT)
    assert [f.rule for f in again.submit().findings if not f.passed] == ["PERMIT_LOST"]
    assert again.submit(acknowledge=True).submitted
    refused = again.wait_for(pb.intake.APPLICATION_STATE_REFUSED)
    assert [reason.code for reason in refused.refusal.reasons] == ["PERMIT_WRONG_STATE"]


def test_a_first_permit_at_the_counter(walk, year_ago):
    walk.register(year_ago)
    walk.caller = walk.clients.officer("accept", STATION, 1)
    walk.begin(KIND.APPLICATION_KIND_FIRST_PERMIT, pb.model.CHANNEL_WINDOW)
    answer = walk.submit()
    assert answer.submitted
    assert answer.acceptance.promise_due.due_on <= answer.acceptance.statute_due.due_on
    # Whoever entered it has signed: two more officers are left.
    with pytest.raises(grpc.RpcError) as refused:
        same = walk.clients.signer.caller("officer", "police1", role="review", office=STATION)
        walk.opinion(pb.approval.STAGE_REVIEW, PASS, officer=same)
    assert refused.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    walk.opinion(pb.approval.STAGE_REVIEW, PASS)
    walk.opinion(pb.approval.STAGE_APPROVE, PASS)
    walk.completed()
    walk.wait_for_text("permit_issued")


def test_a_registration_at_the_counter_is_done_at_once(walk):
    walk.caller = walk.clients.officer("confirm", STATION, 4)
    walk.begin(KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION, pb.model.CHANNEL_WINDOW).submitted()
    walk.completed()
    assert len(walk.registrations()) == 1


def test_a_collector_records_and_an_officer_confirms(walk):
    walk.caller = walk.clients.officer("collector", STATION, 9)
    kind = KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION
    walk.begin(kind, pb.model.CHANNEL_COLLECTOR).submitted().confirm()
    walk.completed()


def test_a_slip_is_entered_and_printed(walk, year_ago):
    walk.register(year_ago)
    walk.begin(KIND.APPLICATION_KIND_FIRST_PERMIT).submitted().three_opinions()
    walk.completed()
    walk.caller = walk.clients.officer("confirm", STATION, 4)
    slip = KIND.APPLICATION_KIND_CONFIRMATION_SLIP
    trustee = people.make(walk.rng)
    walk.begin(
        slip,
        pb.model.CHANNEL_WINDOW,
        shown_paper=pb.model.COUNTER_PAPER_HOUSEHOLD_BOOK,
        proxy=pb.model.Proxy(
            capacity=pb.model.PROXY_CAPACITY_TRUSTEE,
            citizen_id=trustee.citizen_id,
            name=trustee.name,
        ),
    ).submitted()
    look_at(walk, "slip", "《浙江省居住证确认单》申请表", f"{trustee.name}{trustee.citizen_id}")
    done = walk.completed()
    permit = walk.live_permit().certificate_identifier
    assert done.about.certificate_identifier == permit
    request = pb.registry.PrintConfirmationSlipRequest(
        idempotency_key=key(walk.rng, "slip"),
        certificate_identifier=permit,
        shown_paper=pb.registry.ShownPaper.Name(done.form.shown_paper),
        entrusted=pb.registry.EntrustedPerson(
            name=done.form.proxy.name, citizen_id=done.form.proxy.citizen_id
        ),
    )
    printed = walk.clients.call(
        walk.clients.registry.PrintConfirmationSlip, request, walk.caller
    )
    assert printed.pdf.startswith(b"%PDF-")


def test_a_withdrawal(walk, year_ago):
    walk.register(year_ago)
    walk.begin(KIND.APPLICATION_KIND_FIRST_PERMIT).submitted()
    request = pb.intake.WithdrawApplicationRequest(
        idempotency_key=key(walk.rng, "withdraw"), application_id=walk.application_id
    )
    walk.clients.call(walk.clients.intake.WithdrawApplication, request, walk.caller)
    walk.wait_for(pb.intake.APPLICATION_STATE_WITHDRAWN)
    walk.wait_for_text("application_withdrawn")
    case = walk.case(walk.clients.officer("approve", BUREAU, 3))
    assert case.state == pb.approval.CASE_STATE_WITHDRAWN
