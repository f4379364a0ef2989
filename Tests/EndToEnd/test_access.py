"""Every RPC of the four services, called by everybody, with every kind of token."""

import base64
import hashlib
import hmac
import json
import random
import time

import grpc
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from google.protobuf import message_factory
from google.rpc import error_details_pb2, status_pb2

import people
from access import Things, listed, request, rows
from certificates import Authority, service_uri
from cluster import Cluster
from inspections import Inspection
from stubs import pb
from tokens import AUDIENCE, ISSUER, Signer, bearer
from walk import BUREAU, Clients, Walk, form, key

CALL_SECONDS_MAX = 10
STATION = "330106500000"
ANOTHER_STATION = "330102500000"
# Whose server answers a service's calls.
SERVERS = {
    "IntakeService": "intake",
    "CaseProgressService": "intake",
    "ApprovalService": "approval",
    "CertificateRegistryService": "registry",
    "NotificationService": "notification",
    # The same on each of the four.
    "OperationsService": "approval",
}


def methods() -> dict:
    """Every RPC of the contract, by its name."""
    found = {}
    for package in ("intake", "approval", "registry", "notification", "operations"):
        for service in getattr(pb, package).DESCRIPTOR.services_by_name.values():
            for method in service.methods:
                found[f"{service.name}/{method.name}"] = method
    return found


METHODS = methods()
ROWS = rows()


def test_every_rpc_has_its_row():
    assert sorted(row.name for row in ROWS) == sorted(METHODS)


@pytest.fixture(scope="module")
def there(clients, year_ago) -> Things:
    """One application that ended in a permit, and one that waits for its officer."""
    rng = random.Random("access")
    done = Walk(clients, people.make(rng), rng)
    done.register(year_ago)
    done.draft()
    done.upload()
    done.submit()
    assert done.office == STATION
    done.three_opinions()
    application = done.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    waiting = Walk(clients, people.make(rng), rng)
    waiting.register(year_ago)
    waiting.draft()
    waiting.upload()
    waiting.submit()
    waiting.case(clients.auditor)
    return Things(
        done=done.application_id,
        material=application.materials[0].material_id,
        case=done.case(clients.auditor).case_id,
        inspection=Inspection(done).now.inspection_id,
        permit=application.completion.certificate_identifier,
        message=done.wait_for_text("permit_issued").message_id,
        citizen_id=done.person.citizen_id,
        waiting=waiting.application_id,
    )


def callers(clients: Clients, there: Things) -> dict[str, list]:
    """One caller for each column of the table."""
    who = clients.signer.caller
    stranger = people.make(random.Random("stranger")).citizen_id
    result = {
        "applicant: own": who("applicant", "own", person=there.citizen_id),
        "applicant: another": who("applicant", "another", person=stranger),
        "integrator: own": clients.integrator,
        "integrator: another": who("integrator", "anotherapp"),
        "officer: own office": who("officer", "p1", office=STATION, role="accept"),
        "officer: the bureau above": who("officer", "p2", office=BUREAU, role="approve"),
        "officer: another office": who("officer", "p3", office=ANOTHER_STATION, role="accept"),
        "auditor": clients.auditor,
    }
    return result | {f"service: {name}": who("service", name) for name in clients.channels}


def call(clients: Clients, name: str, sent, caller) -> tuple[str, str, list]:
    """The status's name, the reason, and the answers."""
    method = METHODS[name]
    channel = clients.channels[SERVERS[method.containing_service.name]]
    kind = ("stream" if method.client_streaming else "unary") + (
        "_stream" if method.server_streaming else "_unary"
    )
    answer_type = message_factory.GetMessageClass(method.output_type)
    stub = getattr(channel, kind)(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=type(sent).SerializeToString,
        response_deserializer=answer_type.FromString,
    )
    given = iter([sent]) if method.client_streaming else sent
    try:
        answer = stub(given, metadata=caller, timeout=CALL_SECONDS_MAX)
        return "OK", "", list(answer) if method.server_streaming else [answer]
    except grpc.RpcError as error:
        return error.code().name, reason(error), []


def reason(error: grpc.RpcError) -> str:
    details = dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b"")
    info = error_details_pb2.ErrorInfo()
    for detail in status_pb2.Status.FromString(details).details:
        if detail.Unpack(info):
            return info.reason
    return ""


def outcome(row, code: str, answers: list, there: Things) -> str:
    """What happened, in the words of the table."""
    if code == "UNAUTHENTICATED":
        return "unknown"
    if code == "PERMISSION_DENIED":
        return "denied"
    if code == "NOT_FOUND":
        return "hidden"
    assert code in ("OK", "INVALID_ARGUMENT", "FAILED_PRECONDITION", "ABORTED"), code
    if code == "OK" and not all(listed(row, answer, there) for answer in answers):
        return "absent"
    return "adds" if row.expected["integrator: own"] == "adds" else "yes"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_everybody_reaches_what_is_his(row, clients, there):
    rng = random.Random(f"access {row.name}")
    seen = {}
    for who, caller in callers(clients, there).items():
        sent = request(row, there, key(rng, "access"))
        code, _, answers = call(clients, row.name, sent, caller)
        seen[who] = outcome(row, code, answers, there)
        if seen[who] == "adds" and row.expected[who] == "yes":
            seen[who] = "yes"
    assert seen == row.expected


def hmac_by_public_key(signer: Signer, payload: dict) -> str:
    """The oldest trick: a MAC whose secret is the key that everybody knows."""
    def part(value) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    public = signer.key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    header = {"alg": "HS256", "kid": signer.kid, "typ": "JWT"}
    text = f"{part(json.dumps(header).encode())}.{part(json.dumps(payload).encode())}"
    return f"{text}.{part(hmac.digest(public, text.encode(), hashlib.sha256))}"


def bad_credentials(signer: Signer) -> dict[str, tuple[list, str]]:
    """What is no proof of anything, and the reason it is refused with."""
    now = int(time.time())
    good = {"iss": ISSUER, "aud": AUDIENCE, "iat": now, "exp": now + 60}
    auditor = {**good, "sub": "a", "kind": "auditor"}
    token = signer.token("auditor", "a")
    head, claims, signature = token.split(".")
    other = signer.token("auditor", "b").split(".")[1]
    stranger = jwt.PyJWK(P384, algorithm="ES384").key
    invalid = {
        "nonsense": "nonsense",
        "no signature": f"{head}.{claims}.",
        "claims of another token": f"{head}.{other}.{signature}",
        "alg none": jwt.encode(auditor, None, algorithm="none", headers={"kid": signer.kid}),
        "HS256 by the public key": hmac_by_public_key(signer, auditor),
        "ES384 by another curve's key": jwt.encode(
            auditor, stranger, algorithm="ES384", headers={"kid": signer.kid}
        ),
        "an unknown kid": jwt.encode(
            auditor, signer.key, algorithm="ES256", headers={"kid": "unknown"}
        ),
        "another issuer": signer.token("auditor", "a", iss="somebody"),
        "for somebody else": signer.token("auditor", "a", aud="somebody"),
        "from the future": signer.token("auditor", "a", nbf=now + 3600),
        "of no kind": signer.token("king", "a"),
        "an officer without an office": signer.token("officer", "a", role="accept"),
        "an applicant without a number": signer.token("applicant", "a"),
        "a service that is none of ours": signer.token("service", "stranger"),
        "longer than 8 KiB": signer.token("auditor", "a", more="x" * 8192),
    }
    result = {name: (bearer(text), "TOKEN_INVALID") for name, text in invalid.items()}
    result["expired"] = (bearer(signer.token("auditor", "a", exp=now - 3600)), "TOKEN_EXPIRED")
    result["nothing"] = ([], "CALLER_UNKNOWN")
    result["not a bearer"] = ([("authorization", "Basic YTpi")], "TOKEN_INVALID")
    result["two tokens"] = (bearer(token) + bearer(token), "TOKEN_INVALID")
    result["what once was believed"] = (
        [("anju-caller-kind", "auditor"), ("anju-caller-id", "a")],
        "CALLER_UNKNOWN",
    )
    return result


# A key of another curve, for this test only.
P384 = {
    "kty": "EC",
    "crv": "P-384",
    "x": "vJzVsY1_76eEoMK8N_YN0l43gFCuq2au8kM4QQRu28450XalSDTRu0KSVEuaLAcD",
    "y": "7xaxUYQLi4OxHRXdDO-UK7r55GybRwacdGVZG7BHHVs_fyvJqr8k8jAv1ORqAieM",
    "d": "AAAAAAAAAAAAAAAAAAAAAB8uPUxbanmIAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY",
}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_nobody_gets_in_without_a_good_token(row, clients, there):
    rng = random.Random(f"tokens {row.name}")
    bad = bad_credentials(clients.signer)
    seen = {}
    for name, (shown, _) in bad.items():
        sent = request(row, there, key(rng, "access"))
        seen[name] = call(clients, row.name, sent, shown)[:2]
    assert seen == {name: ("UNAUTHENTICATED", told) for name, (_, told) in bad.items()}


def test_a_guardian_reaches_what_is_his_wards(clients, rng):
    """The ward's application was made by a platform; the guardian comes with a login of her own."""
    child = people.make(rng, born_year=2016)
    mother = people.make(rng)
    walk = Walk(clients, child, rng)
    walk.draft()
    filled = form(child)
    filled.guardian.citizen_id = mother.citizen_id
    filled.guardian.name = mother.name
    filled.guardian.relation = pb.model.GUARDIAN_RELATION_PARENT
    draft = clients.call(
        clients.intake.GetApplication,
        pb.intake.GetApplicationRequest(application_id=walk.application_id),
        walk.caller,
    ).application
    update = pb.intake.UpdateDraftRequest(
        idempotency_key=key(rng, "guardian"),
        application_id=walk.application_id,
        expected_version=draft.version,
        form=filled,
    )
    clients.call(clients.intake.UpdateDraft, update, walk.caller)
    asked = pb.intake.GetApplicationRequest(application_id=walk.application_id)
    for person, code in ((mother, "OK"), (child, "OK"), (people.make(rng), "NOT_FOUND")):
        caller = clients.signer.caller("applicant", "somebody", person=person.citizen_id)
        assert call(clients, "IntakeService/GetApplication", asked, caller)[0] == code


def test_tokens_stand_in_no_log(clients, cluster, there):
    """What was sent in all these calls is in no line that a service wrote."""
    token = clients.auditor[0][1].removeprefix("Bearer ")
    for name in clients.channels:
        text = (cluster.folder / f"{name}.log").read_text(errors="replace")
        for part in (token, token.split(".")[2], there.citizen_id):
            assert part not in text


@pytest.fixture(scope="module")
def mutual(tmp_path_factory):
    """The message queue alone, by mTLS, and the authority of its clients' certificates."""
    folder = tmp_path_factory.mktemp("access-mtls")
    authority = Authority(folder / "authority")
    server = authority.issue("server")
    settings = {
        "TLS_CERTIFICATE": str(server.certificate),
        "TLS_KEY": str(server.key),
        "TLS_CLIENT_ROOTS": str(authority.roots),
    }
    cluster = Cluster(folder, settings)
    try:
        cluster.start("notification")
        cluster.wait_ready("notification")
        yield cluster, authority
    finally:
        cluster.stop_all()


@pytest.mark.parametrize(
    ("uris", "kind", "expected"),
    [
        # The row of EnqueueMessage: intake and the registry, and nobody else.
        ([service_uri("intake")], None, "INVALID_ARGUMENT"),
        ([service_uri("registry")], None, "INVALID_ARGUMENT"),
        ([service_uri("approval")], None, "PERMISSION_DENIED"),
        ([service_uri("stranger")], None, "UNAUTHENTICATED"),
        ([service_uri("intake"), service_uri("approval")], None, "UNAUTHENTICATED"),
        ([], None, "UNAUTHENTICATED"),
        # A token counts before the certificate, and a bad one spoils it.
        ([service_uri("intake")], "auditor", "PERMISSION_DENIED"),
        ([service_uri("intake")], "king", "UNAUTHENTICATED"),
    ],
)
def test_a_certificate_names_the_service_that_calls(mutual, uris, kind, expected):
    cluster, authority = mutual
    certificate, private = authority.issue("client", uris).bytes
    credentials = grpc.ssl_channel_credentials(authority.roots.read_bytes(), private, certificate)
    caller = Signer.development(cluster.keys).caller(kind, "a") if kind else []
    with grpc.secure_channel(f"localhost:{cluster.ports['notification']}", credentials) as channel:
        stub = pb.notification_grpc.NotificationServiceStub(channel)
        with pytest.raises(grpc.RpcError) as error:
            stub.EnqueueMessage(
                pb.notification.EnqueueMessageRequest(), metadata=caller, timeout=CALL_SECONDS_MAX
            )
    assert error.value.code().name == expected
