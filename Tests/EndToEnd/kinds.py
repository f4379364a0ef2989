"""One application of any kind, by whichever channel, driven as `walk.py` drives a first permit."""

import datetime
import hashlib
import time

from stubs import pb
from walk import JPEG, RESIDENCE, WALK_SECONDS_MAX, Walk, identity, key

STATION = "330106500000"
KIND = pb.model
PASS = pb.approval.DECISION_PASS
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
