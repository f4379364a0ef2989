"""Every kind of application from its draft to its legal effect, on the running executables: online, at
the counter and by a collector, by a client made from `proto/` alone."""

import datetime
import hashlib
import time

import grpc
import pytest

import people
from stubs import pb
from walk import BUREAU, JPEG, RESIDENCE, WALK_SECONDS_MAX, Walk, identity, key

STATION = "330106500000"
KIND = pb.model
PASS, REFUSE = pb.approval.DECISION_PASS, pb.approval.DECISION_REFUSE
COMPLETED = pb.intake.APPLICATION_STATE_COMPLETED
ID_CARD, PHOTO = pb.model.MATERIAL_KIND_ID_CARD, pb.model.MATERIAL_KIND_PHOTO
CLAIMING = {
    KIND.APPLICATION_KIND_FIRST_PERMIT,
    KIND.APPLICATION_KIND_ENDORSEMENT,
    KIND.APPLICATION_KIND_CONVERSION_BY_PERMIT,
    KIND.APPLICATION_KIND_CONVERSION_BY_REGISTRATION,
}


# Law's days are those of Asia/Shanghai.
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))


def day(offset: int) -> str:
    return (datetime.datetime.now(SHANGHAI) + datetime.timedelta(days=offset)).date().isoformat()


def year_before(last: str) -> str:
    """The day of issue of a permit with this last day: a year is no 365 days where it has a leap day."""
    date = datetime.date.fromisoformat(last)
    is_leap_day = (date.month, date.day) == (2, 29)
    return date.replace(year=date.year - 1, day=28 if is_leap_day else date.day).isoformat()


def until(holds) -> None:
    """Waits for what a service has yet to tell another."""
    deadline = time.monotonic() + WALK_SECONDS_MAX
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class KindWalk(Walk):
    """A walk of one kind, with a form of that kind, by whichever channel."""

    def begin(self, kind: int, channel: int = pb.model.CHANNEL_APP, **fields) -> "KindWalk":
        """Draft, notice and commitment, form and materials."""
        intake, call = self.clients.intake, self.clients.call
        request = pb.intake.CreateDraftRequest(
            idempotency_key=key(self.rng, "draft"), kind=kind, channel=channel
        )
        created = call(intake.CreateDraft, request, self.caller)
        assert created.notice.version and created.notice.text
        self.application_id = created.application.application_id
        commitment = pb.intake.Commitment(notice_version=created.notice.version, assented=True)
        form = self.form(kind, **fields)
        application = created.application
        for step in (dict(commitment=commitment), dict(form=form)):
            request = pb.intake.UpdateDraftRequest(
                idempotency_key=key(self.rng, "update"),
                application_id=self.application_id,
                expected_version=application.version,
                **step,
            )
            application = call(intake.UpdateDraft, request, self.caller).application
        self.upload(self.materials(kind))
        self.steps.append(f"drafted {kind}")
        return self

    def form(self, kind: int, **fields):
        at_home = kind in CLAIMING or kind in (
            KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION,
            KIND.APPLICATION_KIND_ADDRESS_CHANGE,
            KIND.APPLICATION_KIND_CONFIRMATION_SLIP,
        )
        by_phone = at_home and kind != KIND.APPLICATION_KIND_CONFIRMATION_SLIP
        by_phone |= kind in (
            KIND.APPLICATION_KIND_CONTACT_CHANGE,
            KIND.APPLICATION_KIND_FACE_DATA_CORRECTION,
        )
        form = pb.model.ApplicationForm(applicant=identity(self.person))
        if at_home:
            form.residence.CopyFrom(pb.model.Address(**RESIDENCE))
        if by_phone:
            form.phone = self.person.phone
        if kind in CLAIMING:
            form.claims.add(
                condition=pb.model.CONDITION_EMPLOYMENT,
                evidence=[pb.model.EVIDENCE_KIND_LABOUR_CONTRACT],
            )
        form.MergeFrom(pb.model.ApplicationForm(**fields))
        return form

    @staticmethod
    def materials(kind: int):
        found = [] if kind == KIND.APPLICATION_KIND_LOSS_REPORT else [(ID_CARD, 0)]
        if kind in CLAIMING:
            evidence = pb.model.EVIDENCE_KIND_LABOUR_CONTRACT
            found.append((pb.model.MATERIAL_KIND_EVIDENCE, evidence))
        if kind in CLAIMING and kind != KIND.APPLICATION_KIND_ENDORSEMENT:
            found.append((PHOTO, 0))
        if kind == KIND.APPLICATION_KIND_FACE_DATA_CORRECTION:
            found += [(PHOTO, 0), (pb.model.MATERIAL_KIND_CORRECTION_PROOF, 0)]
        return found

    def submitted(self) -> "KindWalk":
        answer = self.submit()
        assert [f.rule for f in answer.findings if not f.passed] == []
        assert answer.submitted
        return self

    def confirm(self, decision: int = PASS):
        """The one officer's word, at the station of the residence."""
        officer = self.clients.officer("confirm", self.office, 4)
        return self.opinion(pb.approval.STAGE_CONFIRM, decision, officer=officer)

    def completed(self):
        return self.wait_for(COMPLETED)

    def permits(self):
        request = pb.registry.FindPermitsRequest(citizen_id=self.person.citizen_id)
        answer = self.clients.call(self.clients.registry.FindPermits, request, self.clients.auditor)
        return list(answer.permits)

    def live_permit(self):
        live = [p for p in self.permits() if p.state != pb.registry.PERMIT_STATE_CANCELLED]
        assert len(live) == 1
        return live[0]

    def registrations(self):
        request = pb.registry.GetResidenceHistoryRequest(citizen_id=self.person.citizen_id)
        method = self.clients.registry.GetResidenceHistory
        return list(self.clients.call(method, request, self.clients.auditor).registrations)

    def import_permit(self, division: str, days_left: int) -> None:
        """A permit from before there were electronic ones."""
        residence = dict(RESIDENCE, division_code=division)
        request = pb.registry.ImportPermitRequest(
            idempotency_key=key(self.rng, "import"),
            kind=pb.registry.PERMIT_KIND_IC_CARD,
            number=f"IC{self.rng.getrandbits(48):012x}",
            holder=identity(self.person),
            residence=pb.model.Address(**residence),
            phone=self.person.phone,
            photo_sha256=hashlib.sha256(JPEG).digest(),
            bureau_code=f"{division}000000",
            issued_on=year_before(day(days_left)),
            valid_to_on=day(days_left),
        )
        platform = self.clients.signer.caller("integrator", "registration")
        self.clients.call(self.clients.registry.ImportPermit, request, platform)


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
