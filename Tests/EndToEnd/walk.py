"""One first permit from draft to text, driven as an app's server and three officers would drive it.

Every mutating call carries an idempotency key and is repeated under the same key while its service
is away, so a walk survives any process being killed.
"""

import hashlib
import random
import time
from dataclasses import dataclass, field

import grpc

from cluster import SERVICES, Cluster
from people import Person
from stubs import pb

CALL_SECONDS_MAX = 5
WALK_SECONDS_MAX = 120
RETRIED = {
    grpc.StatusCode.UNAVAILABLE,
    grpc.StatusCode.DEADLINE_EXCEEDED,
    grpc.StatusCode.CANCELLED,
    grpc.StatusCode.RESOURCE_EXHAUSTED,
}

RESIDENCE = dict(division_code="330106", street="北山街道", community="", detail="保俶路1号2幢301室")
BUREAU = "330106000000"
# A JPEG as far as headers go: 358 by 441 pixels.
JPEG = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01"
    + bytes(7)
    + b"\xff\xc0\x00\x11\x08\x01\xb9\x01\x66\x03"
    + bytes(2009)
    + b"\xff\xd9"
)


class Clients:
    """Channels and stubs to the four services, with retries under the same key."""

    def __init__(self, cluster: Cluster, ahead_seconds: int = 0):
        """`ahead_seconds` is how far the services' clock is ahead."""
        options = [
            ("grpc.initial_reconnect_backoff_ms", 50),
            ("grpc.min_reconnect_backoff_ms", 50),
            ("grpc.max_reconnect_backoff_ms", 500),
        ]
        self.channels = {name: cluster.channel(name, options) for name in SERVICES}
        self.intake = pb.intake_grpc.IntakeServiceStub(self.channels["intake"])
        self.approval = pb.approval_grpc.ApprovalServiceStub(self.channels["approval"])
        self.registry = pb.registry_grpc.CertificateRegistryServiceStub(self.channels["registry"])
        self.notification = pb.notification_grpc.NotificationServiceStub(
            self.channels["notification"]
        )
        self.signer = cluster.signer()
        self.signer.ahead_seconds = ahead_seconds
        self.integrator = self.signer.caller("integrator", "zhelibanapp")
        self.auditor = self.signer.caller("auditor", "auditor1")

    def officer(self, role: str, office: str, number: int) -> list[tuple[str, str]]:
        return self.signer.caller("officer", f"police{number}", role=role, office=office)

    def close(self) -> None:
        for channel in self.channels.values():
            channel.close()

    @staticmethod
    def call(method, request, caller, deadline: float | None = None):
        """Calls until the service answers; an error that no repeat would mend is raised."""
        deadline = deadline or time.monotonic() + WALK_SECONDS_MAX
        while True:
            try:
                return method(request, metadata=caller, timeout=CALL_SECONDS_MAX)
            except grpc.RpcError as error:
                if error.code() not in RETRIED or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def key(rng: random.Random, what: str) -> str:
    return f"{what}-{rng.getrandbits(96):024x}"


def registration(person: Person, declared_on: str, rng: random.Random):
    return pb.registry.RecordRegistrationRequest(
        idempotency_key=key(rng, "registration"),
        person=identity(person),
        address=pb.model.Address(**RESIDENCE),
        declared_on=declared_on,
        office_code="330106500000",
    )


def identity(person: Person):
    return pb.model.Identity(
        citizen_id=person.citizen_id,
        name=person.name,
        sex=person.sex,
        ethnicity_code="01",
        household_address=pb.model.Address(
            division_code=person.home, street="城关镇", detail="人民路8号"
        ),
    )


def form(person: Person):
    return pb.model.ApplicationForm(
        applicant=identity(person),
        residence=pb.model.Address(**RESIDENCE),
        phone=person.phone,
        claims=[
            pb.model.ConditionClaim(
                condition=pb.model.CONDITION_EMPLOYMENT,
                evidence=[pb.model.EVIDENCE_KIND_LABOUR_CONTRACT],
            )
        ],
        workplace="杭州某某科技有限公司",
    )


MATERIALS = [
    (pb.model.MATERIAL_KIND_ID_CARD, 0),
    (pb.model.MATERIAL_KIND_PHOTO, 0),
    (pb.model.MATERIAL_KIND_EVIDENCE, pb.model.EVIDENCE_KIND_LABOUR_CONTRACT),
]


def upload_parts(application_id: str, kind: int, evidence: int, data: bytes, upload_key: str):
    yield pb.intake.UploadMaterialRequest(
        header=pb.intake.UploadHeader(
            idempotency_key=upload_key,
            application_id=application_id,
            kind=kind,
            evidence=evidence,
            size_bytes=len(data),
            sha256=hashlib.sha256(data).digest(),
        )
    )
    for start in range(0, len(data), 1000):
        yield pb.intake.UploadMaterialRequest(chunk=data[start : start + 1000])


@dataclass
class Walk:
    """One application on its way; `steps` tells a failing test how far it came."""

    clients: Clients
    person: Person
    rng: random.Random
    caller: list = field(default_factory=list)
    application_id: str = ""
    number: str = ""
    office: str = ""
    steps: list[str] = field(default_factory=list)

    def __post_init__(self):
        self.caller = self.caller or self.clients.integrator

    def register(self, declared_on: str) -> None:
        request = registration(self.person, declared_on, self.rng)
        self.clients.call(self.clients.registry.RecordRegistration, request, self.clients.integrator)
        self.steps.append("registered")

    def draft(self) -> None:
        intake = self.clients.intake
        request = pb.intake.CreateDraftRequest(
            idempotency_key=key(self.rng, "draft"),
            kind=pb.model.APPLICATION_KIND_FIRST_PERMIT,
            channel=pb.model.CHANNEL_APP,
        )
        application = self.clients.call(intake.CreateDraft, request, self.caller).application
        self.application_id = application.application_id
        for step in (
            dict(commitment=pb.intake.Commitment(notice_version="zhejiang-2022-1", assented=True)),
            dict(form=form(self.person)),
        ):
            request = pb.intake.UpdateDraftRequest(
                idempotency_key=key(self.rng, "update"),
                application_id=self.application_id,
                expected_version=application.version,
                **step,
            )
            application = self.clients.call(intake.UpdateDraft, request, self.caller).application
        self.steps.append("drafted")

    def upload(self, materials=MATERIALS) -> None:
        for kind, evidence in materials:
            data = JPEG + self.rng.randbytes(8) + b"\xff\xd9"
            upload_key = key(self.rng, "upload")
            self.clients.call(
                lambda request, metadata, timeout: self.clients.intake.UploadMaterial(
                    upload_parts(self.application_id, kind, evidence, data, upload_key),
                    metadata=metadata,
                    timeout=timeout,
                ),
                None,
                self.caller,
            )
        self.steps.append("uploaded")

    def submit(self, acknowledge: bool = False):
        request = pb.intake.SubmitApplicationRequest(
            idempotency_key=key(self.rng, "submit"),
            application_id=self.application_id,
            acknowledge_findings=acknowledge,
        )
        answer = self.clients.call(self.clients.intake.SubmitApplication, request, self.caller)
        if answer.submitted:
            self.number = answer.receipt.application_number
            self.office = answer.receipt.office_code
            self.steps.append("submitted")
        return answer

    def case(self, caller):
        """The case, once approval has opened it."""
        request = pb.approval.GetCaseRequest(application_id=self.application_id)
        deadline = time.monotonic() + WALK_SECONDS_MAX
        while True:
            try:
                return self.clients.call(self.clients.approval.GetCase, request, caller).case
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.NOT_FOUND or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def right_officer(self, stage: int):
        """The officer of a stage, as a caller."""
        roles = {1: ("accept", self.office, 1), 2: ("review", self.office, 2)}
        return self.clients.officer(*roles.get(stage, ("approve", BUREAU, 3)))

    def claim(self, stage: int, officer=None):
        """Claims the case as the officer of that stage."""
        caller = officer or self.right_officer(stage)
        case = self.case(caller)
        request = pb.approval.ClaimCaseRequest(
            idempotency_key=key(self.rng, "claim"),
            case_id=case.case_id,
            expected_version=case.version,
        )
        answer = self.clients.call(self.clients.approval.ClaimCase, request, caller)
        self.steps.append(f"claim {stage}: {answer.claim_number}")
        return answer

    def opinion(self, stage: int, decision: int, reasons=(), officer=None):
        """Signs one opinion as the officer of that stage."""
        caller = officer or self.right_officer(stage)
        case = self.case(caller)
        request = pb.approval.RecordOpinionRequest(
            idempotency_key=key(self.rng, "opinion"),
            case_id=case.case_id,
            expected_version=case.version,
            stage=stage,
            decision=decision,
            reasons=[pb.model.Reason(code=code, text=text) for code, text in reasons],
        )
        answer = self.clients.call(self.clients.approval.RecordOpinion, request, caller).case
        self.steps.append(f"opinion {stage}:{decision}")
        return answer

    def three_opinions(self) -> None:
        for stage in (pb.approval.STAGE_ACCEPT, pb.approval.STAGE_REVIEW, pb.approval.STAGE_APPROVE):
            self.opinion(stage, pb.approval.DECISION_PASS)

    def wait_for(self, *states: int):
        """The application, once it is in one of `states`."""
        request = pb.intake.GetApplicationRequest(application_id=self.application_id)
        deadline = time.monotonic() + WALK_SECONDS_MAX
        while True:
            answer = self.clients.call(self.clients.intake.GetApplication, request, self.caller)
            if answer.application.state in states:
                return answer.application
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"{self.application_id} stays in state {answer.application.state}: {self.steps}"
                )
            time.sleep(0.02)

    def messages(self):
        request = pb.notification.ListMessagesRequest(reference=self.application_id)
        method = self.clients.notification.ListMessages
        return list(self.clients.call(method, request, self.clients.auditor).messages)

    def wait_for_text(self, template: str):
        """The delivered message of `template` about this application."""
        deadline = time.monotonic() + WALK_SECONDS_MAX
        while time.monotonic() < deadline:
            for message in self.messages():
                if message.template_id == template and (
                    message.state == pb.notification.MESSAGE_STATE_DELIVERED
                ):
                    return message
            time.sleep(0.02)
        raise AssertionError(f"no {template} was delivered: {self.messages()}")
