"""The main job on the running executables: one first permit, from form to text, and its other ends."""

import json
import subprocess
import time

import grpc
import pytest

import people
from stubs import pb
from walk import BUREAU, WALK_SECONDS_MAX, Walk

PASS, SUPPLEMENT, REFUSE = 1, 2, 3
ACCEPT, REVIEW, APPROVE = 1, 2, 3


@pytest.fixture
def walk(clients, rng, year_ago):
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    return walk


def submitted(walk: Walk) -> Walk:
    assert walk.submit().submitted
    return walk


def test_draft_to_text(walk, clients, cluster, tmp_path):
    answer = walk.submit()
    assert answer.submitted
    assert all(finding.passed for finding in answer.findings)
    assert answer.receipt.acceptance_due.due_at_ms > answer.receipt.submitted_at_ms
    walk.three_opinions()
    application = walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    identifier = application.completion.certificate_identifier
    assert application.acceptance.promise_due.due_on <= application.acceptance.statute_due.due_on

    request = pb.registry.GetPermitRequest(certificate_identifier=identifier)
    permit = clients.call(clients.registry.GetPermit, request, clients.auditor)
    document = json.loads(permit.permit.document)
    assert walk.person.name in permit.permit.document.decode()
    assert identifier in json.dumps(document)
    assert_openssl_accepts(permit, tmp_path)

    text = walk.wait_for_text("permit_issued")
    assert text.text.startswith("【")
    assert walk.person.citizen_id not in text.text
    line = next(line for line in cluster.delivered() if line["message_id"] == text.message_id)
    assert line["phone"] == walk.person.phone


def assert_openssl_accepts(permit, folder):
    """`openssl pkeyutl` verifies document, signature and key, and refuses a changed document."""
    (folder / "key.pem").write_text(permit.public_key_pem)
    (folder / "signature").write_bytes(permit.permit.signature)
    for document, verdict in (
        (permit.permit.document, 0),
        (permit.permit.document.replace(b"0", b"1", 1), 1),
    ):
        (folder / "document").write_bytes(document)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key.pem", "-rawin"]
        command += ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
        command += ["-in", "document", "-sigfile", "signature"]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        assert result.returncode == verdict, result.stdout + result.stderr


def test_watch_sees_every_state(walk, clients):
    submitted(walk)
    request = pb.intake.WatchApplicationRequest(application_id=walk.application_id)
    stream = clients.intake.WatchApplication(request, metadata=clients.integrator, timeout=60)
    assert next(stream).application.state == pb.intake.APPLICATION_STATE_SUBMITTED
    walk.three_opinions()
    seen = [answer.application for answer in stream]
    versions = [application.version for application in seen]
    assert versions == sorted(versions)
    assert seen[-1].state == pb.intake.APPLICATION_STATE_COMPLETED


def test_findings_are_acknowledged_and_only_an_officer_refuses(clients, rng):
    walk = Walk(clients, people.make(rng), rng)
    walk.draft()
    walk.upload()
    answer = walk.submit()
    assert not answer.submitted
    failed = [finding.rule for finding in answer.findings if not finding.passed]
    assert "NOT_REGISTERED_HERE" in failed
    assert "HALF_YEAR_NOT_REACHED" in failed
    assert walk.submit(acknowledge=True).submitted
    reasons = [(rule, "经核查不符合申领条件。") for rule in failed]
    walk.opinion(ACCEPT, PASS)
    walk.opinion(REVIEW, REFUSE, reasons)
    with pytest.raises(grpc.RpcError) as incomplete:
        walk.opinion(APPROVE, REFUSE, reasons[:1])
    assert incomplete.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    walk.opinion(APPROVE, REFUSE, reasons)
    application = walk.wait_for(pb.intake.APPLICATION_STATE_REFUSED)
    assert {reason.code for reason in application.refusal.reasons} == set(failed)
    assert application.refusal.reconsideration_authority
    walk.wait_for_text("application_refused")


def test_supplement_and_resume(walk, clients, rng):
    submitted(walk)
    walk.opinion(ACCEPT, SUPPLEMENT, [("MATERIAL_UNCLEAR", "劳动合同签字页不清晰,请重新上传。")])
    application = walk.wait_for(pb.intake.APPLICATION_STATE_SUPPLEMENT_NEEDED)
    assert len(application.notices) == 1
    walk.wait_for_text("supplement_needed")
    walk.upload()
    request = pb.intake.SupplementApplicationRequest(
        idempotency_key=f"supplement-{rng.getrandbits(64):016x}",
        application_id=walk.application_id,
    )
    answer = clients.call(clients.intake.SupplementApplication, request, clients.integrator)
    case = wait_for_case(walk, pb.approval.CASE_STATE_AWAITING_ACCEPTANCE)
    resumed = wait_for_version(walk, clients, answer.application.version + 1)
    assert resumed.state == pb.intake.APPLICATION_STATE_SUBMITTED
    assert resumed.receipt.acceptance_due == case.clocks.acceptance_due
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)


def wait_for_version(walk: Walk, clients, version: int):
    """The application as soon as it has this version: the case has told of one step more."""
    deadline = time.monotonic() + WALK_SECONDS_MAX
    request = pb.intake.GetApplicationRequest(application_id=walk.application_id)
    while True:
        answer = clients.call(clients.intake.GetApplication, request, clients.integrator)
        if answer.application.version >= version:
            return answer.application
        if time.monotonic() > deadline:
            raise AssertionError(f"the application stays at version {answer.application.version}")
        time.sleep(0.02)


def wait_for_case(walk: Walk, state: int):
    deadline = time.monotonic() + WALK_SECONDS_MAX
    while True:
        case = walk.case(walk.clients.auditor)
        if case.state == state:
            return case
        if time.monotonic() > deadline:
            raise AssertionError(f"the case stays in state {case.state}")
        time.sleep(0.02)


def test_one_officer_signs_one_stage(walk):
    submitted(walk)
    same = walk.clients.officer("accept", walk.office, 1)
    walk.opinion(ACCEPT, PASS, officer=same)
    with pytest.raises(grpc.RpcError) as twice:
        walk.opinion(REVIEW, PASS, officer=walk.clients.officer("review", walk.office, 1))
    assert twice.value.code() == grpc.StatusCode.FAILED_PRECONDITION
    with pytest.raises(grpc.RpcError) as elsewhere:
        walk.opinion(REVIEW, PASS, officer=walk.clients.officer("review", "330304540000", 2))
    assert elsewhere.value.code() == grpc.StatusCode.PERMISSION_DENIED
    assert walk.case(walk.clients.auditor).state == pb.approval.CASE_STATE_AWAITING_REVIEW


def test_a_second_live_application_names_the_first(walk, clients, rng):
    submitted(walk)
    second = Walk(clients, walk.person, rng)
    second.draft()
    second.upload()
    with pytest.raises(grpc.RpcError) as error:
        second.submit()
    assert error.value.code() == grpc.StatusCode.ALREADY_EXISTS
    details = dict(error.value.trailing_metadata())["grpc-status-details-bin"]
    assert walk.number.encode() in details


def test_strangers_find_nothing(walk, clients):
    request = pb.intake.GetApplicationRequest(application_id=walk.application_id)
    for stranger in (
        clients.signer.caller("integrator", "anotherapp"),
        clients.signer.caller("applicant", "somebody", person="11010519491231002X"),
    ):
        with pytest.raises(grpc.RpcError) as error:
            clients.intake.GetApplication(request, metadata=stranger, timeout=5)
        assert error.value.code() == grpc.StatusCode.NOT_FOUND
    with pytest.raises(grpc.RpcError) as nobody:
        clients.intake.GetApplication(request, timeout=5)
    assert nobody.value.code() == grpc.StatusCode.UNAUTHENTICATED


def test_the_registry_refuses_and_the_case_goes_back(walk, clients, rng, year_ago):
    """Two applications of one person cannot both be open, but one can race a permit from elsewhere:
    the registry says no, and nobody is told that it is done."""
    submitted(walk)
    permit = issue_elsewhere(walk, clients, rng)
    walk.three_opinions()
    case = wait_for_case(walk, pb.approval.CASE_STATE_ISSUE_REFUSED)
    assert case.outcome.issue_refused_reasons
    assert permit.certificate_identifier
    assert not [text for text in walk.messages() if text.template_id == "permit_issued"]
    walk.opinion(APPROVE, REFUSE, [("PERMIT_ALREADY_LIVE", "已持有有效居住证。")])
    walk.wait_for(pb.intake.APPLICATION_STATE_REFUSED)


def issue_elsewhere(walk: Walk, clients, rng):
    """Issues a permit to the same person by another case, as the approval service would."""
    request = pb.registry.IssuePermitRequest(
        idempotency_key=f"elsewhere-{rng.getrandbits(64):016x}",
        application_id=f"elsewhere-{rng.getrandbits(32):08x}",
        case_id=f"elsewhere-{rng.getrandbits(32):08x}",
        holder=walk_identity(walk),
        residence=pb.model.Address(division_code="330304", street="景山街道", detail="1号"),
        phone=walk.person.phone,
        photo_sha256=bytes(32),
        bureau_code="330304000000",
        issued_on="2026-01-05",
        actor="officer:police9",
        actor_office="330304000000",
        policy_version="test",
    )
    approval = clients.signer.caller("service", "approval")
    return clients.call(clients.registry.IssuePermit, request, approval).permit


def walk_identity(walk: Walk):
    import walk as walks

    return walks.identity(walk.person)


def test_a_child_applies_through_a_guardian(clients, rng, year_ago):
    child = people.make(rng, born_year=2018)
    guardian = people.make(rng)
    walk = Walk(clients, child, rng)
    walk.register(year_ago)
    walk.draft()
    with pytest.raises(grpc.RpcError) as alone:
        walk.submit()
    assert alone.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    add_guardian(walk, clients, guardian)
    walk.upload()
    walk.upload(
        [
            (pb.model.MATERIAL_KIND_GUARDIAN_ID_CARD, 0),
            (pb.model.MATERIAL_KIND_GUARDIANSHIP_PROOF, 0),
        ]
    )
    assert walk.submit().submitted
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)


def add_guardian(walk: Walk, clients, guardian) -> None:
    get = pb.intake.GetApplicationRequest(application_id=walk.application_id)
    application = clients.call(clients.intake.GetApplication, get, clients.integrator).application
    application.form.guardian.CopyFrom(
        pb.model.Guardian(
            citizen_id=guardian.citizen_id,
            name=guardian.name,
            relation=pb.model.GUARDIAN_RELATION_PARENT,
        )
    )
    request = pb.intake.UpdateDraftRequest(
        idempotency_key=f"guardian-{walk.rng.getrandbits(64):016x}",
        application_id=walk.application_id,
        expected_version=application.version,
        form=application.form,
    )
    clients.call(clients.intake.UpdateDraft, request, clients.integrator)


def test_services_answer_health(cluster, clients):
    from grpc_health.v1 import health_pb2, health_pb2_grpc

    for name, channel in clients.channels.items():
        stub = health_pb2_grpc.HealthStub(channel)
        answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=5)
        assert answer.status == health_pb2.HealthCheckResponse.SERVING, name


def test_the_bureau_sees_its_case_and_another_does_not(walk, clients):
    submitted(walk)
    assert walk.case(clients.officer("approve", BUREAU, 3)).application_id == walk.application_id
    request = pb.approval.GetCaseRequest(application_id=walk.application_id)
    with pytest.raises(grpc.RpcError) as error:
        caller = clients.officer("approve", "330304000000", 4)
        clients.approval.GetCase(request, metadata=caller, timeout=5)
    assert error.value.code() == grpc.StatusCode.PERMISSION_DENIED
