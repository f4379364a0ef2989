"""What a holder shows and a station prints, fetched over gRPC from a running registry and read back
by other people's programs: `pdftotext`, `zbarimg`; then verified by `anju verify` without a server."""

import hashlib
import json
import os
import random
import re
import subprocess
import time
import uuid
from pathlib import Path

import grpc
import pytest

import people
from stubs import ROOT, pb
from test_access import STATION, reason
from test_verify import can_cut_off
from walk import Walk

BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug")).resolve()
CALL_SECONDS_MAX = 30
HOUSING = dict(purpose=pb.registry.VERIFY_PURPOSE_HOUSING, division_code="330106")


@pytest.fixture(scope="module")
def walk(clients, year_ago) -> Walk:
    """One person whose permit was issued just now."""
    rng = random.Random("papers")
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()
    walk.three_opinions()
    return walk


@pytest.fixture(scope="module")
def permit(walk) -> str:
    application = walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    return application.completion.certificate_identifier


@pytest.fixture(scope="module")
def slip_request(permit):
    return pb.registry.PrintConfirmationSlipRequest(
        idempotency_key=str(uuid.uuid4()),
        certificate_identifier=permit,
        shown_paper=pb.registry.SHOWN_PAPER_IDENTITY_CARD,
        entrusted=pb.registry.EntrustedPerson(name="王小二", citizen_id="11010519491231002X"),
    )


@pytest.fixture(scope="module")
def slip(walk, slip_request):
    method = walk.clients.registry.PrintConfirmationSlip
    return call(method, slip_request, walk.clients.officer("accept", STATION, 1))


@pytest.fixture(scope="module")
def slip_code(slip, tmp_path_factory) -> str:
    """The text of the QR code on the paper."""
    folder = tmp_path_factory.mktemp("slip")
    (folder / "slip.pdf").write_bytes(slip.pdf)
    command = ["pdftoppm", "-png", "-singlefile", "-r", "250", "slip.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True, timeout=60)
    return scanned(folder / "page.png")


def call(method, request, caller):
    return method(request, metadata=caller, timeout=CALL_SECONDS_MAX)


def scanned(picture: Path) -> str:
    command = ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return run.stdout.removesuffix("\n")


def letters(pdf: bytes) -> str:
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60)
    return re.sub(r"\s", "", run.stdout.decode())


def verify_offline(code: str, key: Path) -> tuple[str, set[str]]:
    """What `anju verify` says of a code, with no network to be had."""
    command = ["unshare", "-rn"] if can_cut_off() else []
    command += [BIN / "anju", "verify", "--code", code, "--key", key, "--json"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    found = json.loads(run.stdout)
    return found["verdict"], {reason["code"] for reason in found["reasons"]}


def holder(walk, **claims) -> list:
    person = walk.person.citizen_id
    return walk.clients.signer.caller("applicant", "holder", person=person, **claims)


def test_a_slip_says_what_it_must(walk, permit, slip):
    assert hashlib.sha256(slip.pdf).digest() == slip.sha256
    read = letters(slip.pdf)
    for text in (
        "浙江省居住证确认单",
        f"编号：{slip.slip_number}",
        walk.person.name,
        walk.person.citizen_id,
        permit,
        "证件状态正常",
        "受托人姓名：王小二",
        "杭州市公安局西湖区分局城关派出所",
        "经办人police1",
    ):
        assert text in read, text
    assert "11010519491231002X" not in read


def test_a_repeat_gives_the_same_bytes(walk, slip_request, slip):
    method = walk.clients.registry.PrintConfirmationSlip
    assert call(method, slip_request, walk.clients.officer("accept", STATION, 1)) == slip


def test_a_slips_code_verifies_offline(cluster, slip_code):
    key = cluster.keys / "registry.sm2.pub.pem"
    # Genuine; what became of it since, only a snapshot or the registry knows.
    assert verify_offline(slip_code, key) == ("CANNOT_KNOW", {"SNAPSHOT_MISSING"})
    flipped = slip_code[:-1] + ("0" if slip_code[-1] != "0" else "1")
    assert "CODE_ALTERED" in verify_offline(flipped, key)[1]


def test_a_slips_code_verifies_online(walk, slip_code):
    request = pb.registry.VerifyPermitRequest(offline_code=slip_code, **HOUSING)
    found = call(walk.clients.registry.VerifyPermit, request, walk.clients.integrator)
    assert found.valid and found.reason_codes == ["VALID"] and found.effective_here
    assert found.masked_name == walk.person.name[0] + "*"
    request.offline_code = slip_code[:-3]
    found = call(walk.clients.registry.VerifyPermit, request, walk.clients.integrator)
    assert not found.valid and found.reason_codes == ["CODE_TRUNCATED"]
    assert not found.masked_name


def test_a_holder_loads_and_shows_his_permit(walk, permit, tmp_path):
    """Login without a face check, then with one; the code is good once, for one verifier."""
    registry = walk.clients.registry
    load = pb.registry.LoadPermitRequest(idempotency_key=str(uuid.uuid4()))
    with pytest.raises(grpc.RpcError) as error:
        call(registry.LoadPermit, load, holder(walk))
    assert reason(error.value) == "FACE_CHECK_NEEDED"
    own = holder(walk, face_at=int(time.time()))
    loaded = call(registry.LoadPermit, load, own)
    assert loaded.permit.certificate_identifier == permit
    present = pb.registry.CreatePresentationRequest(idempotency_key=str(uuid.uuid4()))
    code = call(registry.CreatePresentation, present, own).code
    request = pb.registry.VerifyPermitRequest(
        idempotency_key=str(uuid.uuid4()), presentation_code=code, **HOUSING
    )
    first = call(registry.VerifyPermit, request, walk.clients.integrator)
    assert first.valid
    assert call(registry.VerifyPermit, request, walk.clients.integrator) == first
    other = call(registry.VerifyPermit, request, walk.clients.signer.caller("integrator", "school"))
    assert other.reason_codes == ["PRESENTATION_TAKEN"]
    face = pb.registry.RenderPermitRequest(
        certificate_identifier=permit, format=pb.registry.PAPER_FORMAT_PNG
    )
    (tmp_path / "face.png").write_bytes(call(registry.RenderPermit, face, own).content)
    shown = pb.registry.VerifyPermitRequest(
        offline_code=scanned(tmp_path / "face.png"), **HOUSING
    )
    assert call(registry.VerifyPermit, shown, walk.clients.integrator).valid


def test_a_voucher_is_printed_by_its_number(walk):
    asked = pb.registry.GetResidenceHistoryRequest(citizen_id=walk.person.citizen_id)
    officer = walk.clients.officer("accept", STATION, 1)
    history = call(walk.clients.registry.GetResidenceHistory, asked, officer)
    [registration] = history.registrations
    request = pb.registry.RenderPermitRequest(
        registration_id=registration.registration_id, format=pb.registry.PAPER_FORMAT_PDF
    )
    paper = call(walk.clients.registry.RenderPermit, request, officer).content
    read = letters(paper)
    for text in ("居住登记凭证", registration.registration_id, walk.person.citizen_id):
        assert text in read, text
    assert call(walk.clients.registry.RenderPermit, request, officer).content == paper
