"""Materials by stream: what breaks is taken up where it broke, what is wrong gets its own answer, and
the four steps go on though intake is killed between any two calls."""

import hashlib
import random
import threading
import time

import grpc
import pytest

import people
from stubs import pb
from test_access import reason
from walk import JPEG, Clients, Walk, form, key

CHUNK_BYTES = 65_536
PIECE_BYTES = 262_144
WAIT_SECONDS_MAX = 60
PHOTO = pb.model.MATERIAL_KIND_PHOTO
ID_CARD = pb.model.MATERIAL_KIND_ID_CARD


def scan(rng: random.Random, size: int = 900_000) -> bytes:
    """A picture of a size, as far as its header goes."""
    return JPEG[:-2] + rng.randbytes(size - len(JPEG)) + b"\xff\xd9"


def header(application_id: str, kind: int, data: bytes, upload_key: str, **more):
    fields = dict(
        idempotency_key=upload_key,
        application_id=application_id,
        kind=kind,
        size_bytes=len(data),
        sha256=hashlib.sha256(data).digest(),
    )
    return pb.intake.UploadHeader(**(fields | more))


def parts(head, data: bytes = b"", hold: threading.Event | None = None):
    """The header and then chunks; with `hold` the stream stays open behind them."""
    yield pb.intake.UploadMaterialRequest(header=head)
    for start in range(0, len(data), CHUNK_BYTES):
        yield pb.intake.UploadMaterialRequest(chunk=data[start : start + CHUNK_BYTES])
    if hold:
        hold.wait(WAIT_SECONDS_MAX)


def send(clients: Clients, head, data: bytes = b"", caller=None):
    return clients.call(
        lambda request, metadata, timeout: clients.intake.UploadMaterial(
            parts(head, data), metadata=metadata, timeout=timeout
        ),
        None,
        caller or clients.integrator,
    )


def refused(clients: Clients, head, data: bytes = b"", caller=None) -> tuple[str, str]:
    with pytest.raises(grpc.RpcError) as error:
        send(clients, head, data, caller)
    return error.value.code().name, reason(error.value)


def download(clients: Clients, application_id: str, material_id: str) -> bytes:
    request = pb.intake.DownloadMaterialRequest(
        application_id=application_id, material_id=material_id
    )
    answers = list(
        clients.intake.DownloadMaterial(request, metadata=clients.integrator, timeout=30)
    )
    data = b"".join(answer.chunk for answer in answers[1:])
    assert hashlib.sha256(data).digest() == answers[0].material.sha256
    assert all(len(answer.chunk) <= CHUNK_BYTES for answer in answers)
    return data


def draft_of(clients: Clients, person, rng: random.Random) -> str:
    walk = Walk(clients, person, rng)
    walk.draft()
    return walk.application_id


def break_off(clients: Clients, head, data: bytes, kept: int, snap) -> None:
    """Sends `data` on an upload that has begun, and once `kept` bytes of it are stored lets `snap`
    break the stream."""
    asking = pb.intake.UploadHeader()
    asking.CopyFrom(head)
    asking.from_byte = 0
    # After a kill the channel is there again once this was answered.
    send(clients, asking)
    hold = threading.Event()
    stream = clients.intake.UploadMaterial.future(
        parts(head, data, hold), metadata=clients.integrator, timeout=WAIT_SECONDS_MAX
    )
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while send(clients, asking).received_bytes < kept:
        assert time.monotonic() < deadline, "the pieces were not stored"
        time.sleep(0.01)
    snap(stream)
    hold.set()
    with pytest.raises((grpc.RpcError, grpc.FutureCancelledError)):
        stream.result(WAIT_SECONDS_MAX)


def test_broken_streams_are_taken_up_where_they_broke(clients, rng):
    application = draft_of(clients, people.make(rng), rng)
    data = scan(rng)
    head = header(application, PHOTO, data, key(rng, "upload"))
    begun = send(clients, head, data[:1])
    assert (begun.received_bytes, begun.HasField("material")) == (1, False)
    head.from_byte = 1
    break_off(
        clients, head, data[1:600_000], 2 * PIECE_BYTES, lambda stream: stream.cancel()
    )
    asking = header(application, PHOTO, data, head.idempotency_key)
    asked = send(clients, asking)
    assert asked.upload_id == begun.upload_id
    assert asked.received_bytes == 2 * PIECE_BYTES
    head.from_byte = asked.received_bytes
    material = send(clients, head, data[asked.received_bytes :]).material
    assert (material.size_bytes, material.media_type) == (len(data), "image/jpeg")
    assert download(clients, application, material.material_id) == data
    # Under its key it is answered as it was.
    assert send(clients, head).material == material


def test_each_wrong_upload_gets_its_own_answer(clients, rng):
    application = draft_of(clients, people.make(rng), rng)
    data = scan(rng)

    def told(sent: bytes = b"", kind: int = PHOTO, **more):
        return refused(clients, header(application, kind, data, key(rng, "upload"), **more), sent)

    assert told(from_byte=PIECE_BYTES) == ("ABORTED", "UPLOAD_NOT_THERE_YET")
    wrong = data[:700_000] + b"x" + data[700_001:]
    assert told(wrong) == ("INVALID_ARGUMENT", "MATERIAL_DEFECTIVE")
    assert told(data + b"x") == ("INVALID_ARGUMENT", "MATERIAL_DEFECTIVE")
    assert told(size_bytes=2_097_153) == ("INVALID_ARGUMENT", "MATERIAL_DEFECTIVE")
    page = b"<html></html>"
    unknown = dict(size_bytes=len(page), sha256=hashlib.sha256(page).digest())
    assert told(page, ID_CARD, **unknown) == ("INVALID_ARGUMENT", "MATERIAL_DEFECTIVE")
    # None of them is in the way of the right one.
    assert send(clients, header(application, PHOTO, data, key(rng, "upload")), data).material


def test_a_foreign_hash_grants_nothing(clients, rng):
    person = people.make(rng)
    data = scan(rng)
    mine = draft_of(clients, person, rng)
    send(clients, header(mine, ID_CARD, data, key(rng, "upload")), data)
    # The same person's other draft takes it over by its header alone.
    other = draft_of(clients, person, rng)
    taken = send(clients, header(other, ID_CARD, data, key(rng, "upload"))).material
    assert download(clients, other, taken.material_id) == data
    # Another platform with the same number in its form has nothing by it, nor has another person.
    stranger = clients.signer.caller("integrator", "anotherapp")
    walk = Walk(clients, person, rng, caller=stranger)
    walk.draft()
    head = header(walk.application_id, ID_CARD, data, key(rng, "upload"))
    asked = send(clients, head, caller=stranger)
    assert (asked.received_bytes, asked.HasField("material")) == (0, False)
    foreign = draft_of(clients, people.make(rng), rng)
    assert send(clients, header(foreign, ID_CARD, data, key(rng, "upload"))).received_bytes == 0
    into_mine = header(mine, ID_CARD, data, key(rng, "upload"))
    assert refused(clients, into_mine, caller=stranger) == ("NOT_FOUND", "APPLICATION_NOT_FOUND")


def test_the_four_steps_survive_a_kill_between_any_two_calls(fresh_cluster, year_ago, rng):
    clients = Clients(fresh_cluster)
    intake, caller = clients.intake, clients.integrator
    person = people.make(rng)
    Walk(clients, person, rng).register(year_ago)

    def again() -> None:
        fresh_cluster.kill("intake")
        fresh_cluster.restart("intake")
        fresh_cluster.wait_ready("intake")

    def twice(call):
        """The call, and the same again after a kill: one deed, one answer."""
        first = call()
        again()
        assert call() == first
        return first

    create = pb.intake.CreateDraftRequest(
        idempotency_key=key(rng, "draft"),
        kind=pb.model.APPLICATION_KIND_FIRST_PERMIT,
        channel=pb.model.CHANNEL_APP,
    )
    application = twice(lambda: clients.call(intake.CreateDraft, create, caller)).application
    for step in (
        dict(commitment=pb.intake.Commitment(notice_version="zhejiang-2022-1", assented=True)),
        dict(form=form(person)),
    ):
        update = pb.intake.UpdateDraftRequest(
            idempotency_key=key(rng, "update"),
            application_id=application.application_id,
            expected_version=application.version,
            **step,
        )
        application = twice(lambda: clients.call(intake.UpdateDraft, update, caller)).application

    files = {kind: scan(rng) for kind in (ID_CARD, PHOTO, pb.model.MATERIAL_KIND_EVIDENCE)}
    for kind, data in files.items():
        proof = kind == pb.model.MATERIAL_KIND_EVIDENCE
        evidence = pb.model.EVIDENCE_KIND_LABOUR_CONTRACT if proof else 0
        head = header(
            application.application_id, kind, data, key(rng, "upload"), evidence=evidence
        )
        send(clients, head, data[:1])
        again()
        head.from_byte = 1
        break_off(clients, head, data[1:400_000], PIECE_BYTES, lambda _: again())
        head.from_byte = 0
        kept = send(clients, head).received_bytes
        assert kept == PIECE_BYTES
        again()
        head.from_byte = kept
        twice(lambda: send(clients, head, data[kept:]))

    submit = pb.intake.SubmitApplicationRequest(
        idempotency_key=key(rng, "submit"), application_id=application.application_id
    )
    answer = twice(lambda: clients.call(intake.SubmitApplication, submit, caller))
    assert answer.submitted
    request = pb.intake.GetApplicationRequest(application_id=application.application_id)
    found = clients.call(intake.GetApplication, request, caller).application
    assert found.receipt == answer.receipt
    # Draft, commitment, form, three materials and the submission: each once.
    assert found.version == 7
    assert {material.kind: material.sha256 for material in found.materials} == {
        kind: hashlib.sha256(data).digest() for kind, data in files.items()
    }
    for material in found.materials:
        read = download(clients, found.application_id, material.material_id)
        assert read == files[material.kind]
    clients.close()
