"""The papers of applications over gRPC, read back and turned into pictures (`papers.py`); and the file of
one that has ended, opened by `tarfile` and checked by hashlib."""

import hashlib
import io
import random
import tarfile
import time

import grpc
import pytest

import people
from papers import CALL_SECONDS_MAX, keep, letters, render
from stubs import pb
from test_access import reason
from walk import Walk


def walked(clients, seed: str, year_ago: str) -> Walk:
    rng = random.Random(seed)
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()
    return walk


@pytest.fixture(scope="module")
def issued(clients, year_ago) -> Walk:
    """An application that ended in a permit, after a supplement."""
    walk = walked(clients, "documents", year_ago)
    reasons = [("PHOTO_UNFIT", "相片不符合规格要求。"), ("MATERIAL_UNCLEAR", "劳动合同第二页不清晰。")]
    walk.opinion(pb.approval.STAGE_ACCEPT, pb.approval.DECISION_SUPPLEMENT, reasons)
    walk.wait_for(pb.intake.APPLICATION_STATE_SUPPLEMENT_NEEDED)
    walk.upload([(pb.model.MATERIAL_KIND_PHOTO, 0)])
    supplement = pb.intake.SupplementApplicationRequest(
        idempotency_key=f"supplement-{walk.rng.getrandbits(96):024x}",
        application_id=walk.application_id,
    )
    clients.call(clients.intake.SupplementApplication, supplement, walk.caller)
    wait_for_case(walk, pb.approval.CASE_STATE_AWAITING_ACCEPTANCE)
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    return walk


def wait_for_case(walk: Walk, state: int) -> None:
    officer = walk.clients.officer("accept", walk.office, 1)
    for _ in range(2000):
        if walk.case(officer).state == state:
            return
    raise AssertionError(walk.steps)


@pytest.fixture(scope="module")
def refused(clients, year_ago) -> Walk:
    walk = walked(clients, "documents-refused", year_ago)
    walk.opinion(pb.approval.STAGE_ACCEPT, pb.approval.DECISION_PASS)
    reasons = [("DWELLING_NOT_PROVED", "居住证明与实际不符。"), ("EVIDENCE_FALSE", "劳动合同系伪造。")]
    # A reviewer advises against it; who approves refuses, and leaves no reason out.
    walk.opinion(pb.approval.STAGE_REVIEW, pb.approval.DECISION_REFUSE, reasons)
    walk.opinion(pb.approval.STAGE_APPROVE, pb.approval.DECISION_REFUSE, reasons)
    walk.wait_for(pb.intake.APPLICATION_STATE_REFUSED)
    return walk


def test_the_form_is_the_seeds_with_three_opinions(issued):
    pdf = render(issued, pb.intake.DOCUMENT_KIND_APPLICATION_FORM)
    assert len(keep("form", pdf)) == 1
    read = letters(pdf)
    for text in (
        "《浙江省居住证》申领表",
        f"申请编号：{issued.number}",
        issued.person.name,
        issued.person.citizen_id,
        "☑签订劳动合同",
        "☐自购房屋",
        "居住出租房屋",
        "受理人意见：同意",
        "审核人意见：同意",
        "审批人意见：同意",
        "警号：police1",
        "警号：police2",
        "警号：police3",
        "一人一档",
    ):
        assert text in read, text


@pytest.mark.parametrize(
    "name, kind, texts",
    [
        ("receipt", pb.intake.DOCUMENT_KIND_RECEIPT, ["收件回执", "居民身份证", "第三十二条"]),
        ("acceptance", pb.intake.DOCUMENT_KIND_ACCEPTANCE, ["受理回执", "承诺办结期限", "法定办结期限"]),
        (
            "notice",
            pb.intake.DOCUMENT_KIND_SUPPLEMENT_NOTICE,
            ["一次性告知书", "1．相片不符合规格要求。", "2．劳动合同第二页不清晰。"],
        ),
    ],
)
def test_receipts_and_the_notice(issued, name, kind, texts):
    pdf = render(issued, kind)
    assert len(keep(name, pdf)) == 1
    assert render(issued, kind) == pdf
    read = letters(pdf)
    for text in (*texts, issued.number, issued.person.name):
        assert text in read, text


def test_a_refusal_has_every_reason_and_both_ways_to_appeal(refused):
    pdf = render(refused, pb.intake.DOCUMENT_KIND_REFUSAL)
    keep("refusal", pdf)
    read = letters(pdf)
    for text in (
        "不予通过决定书",
        "1．居住证明与实际不符。",
        "2．劳动合同系伪造。",
        "60日内向西湖区人民政府申请行政复议",
        "6个月内向西湖区人民法院提起行政诉讼",
    ):
        assert text in read, text


def test_a_paper_that_there_is_not_is_not_made_up(issued, clients):
    for kind in (
        pb.intake.DOCUMENT_KIND_REFUSAL,
        pb.intake.DOCUMENT_KIND_NON_ACCEPTANCE,
        pb.intake.DOCUMENT_KIND_CANCELLATION,
        pb.intake.DOCUMENT_KIND_KINSHIP_COMMITMENT,
    ):
        with pytest.raises(grpc.RpcError) as error:
            render(issued, kind)
        assert reason(error.value) == "DOCUMENT_NOT_THERE"


def exported(walk: Walk) -> bytes:
    request = pb.intake.ExportCaseFileRequest(application_id=walk.application_id)
    method = walk.clients.intake.ExportCaseFile
    stream = method(request, metadata=walk.caller, timeout=CALL_SECONDS_MAX)
    return b"".join(part.chunk for part in stream)


def served(walk: Walk) -> list:
    """How the statutory notices ended, once the case has heard of all of them."""
    request = pb.intake.GetApplicationRequest(application_id=walk.application_id)
    deadline = time.monotonic() + CALL_SECONDS_MAX
    while True:
        notices = {message.message_id for message in walk.messages() if message.statutory}
        answer = walk.clients.call(walk.clients.intake.GetApplication, request, walk.caller)
        if notices and {delivery.message_id for delivery in answer.deliveries} == notices:
            return list(answer.deliveries)
        assert time.monotonic() < deadline, (notices, answer.deliveries)
        time.sleep(0.05)


def test_the_case_file_opens_and_its_manifest_is_right(refused):
    refused.wait_for_text("application_refused")
    deliveries = served(refused)
    archive = exported(refused)
    assert exported(refused) == archive
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        files = {entry.name: opened.extractfile(entry).read() for entry in opened}
    head, _, lines = files.pop("manifest.tsv").decode().partition("file\tbytes\tsha256\tsm3\n")
    listed = {line.split("\t")[0]: line.split("\t")[1:] for line in lines.splitlines()}
    assert set(listed) == set(files)
    for name, content in files.items():
        size, sha256, _ = listed[name]
        assert (int(size), sha256) == (len(content), hashlib.sha256(content).hexdigest()), name
    record = files["record.tsv"]
    assert f"sealed_record_sha256\t{hashlib.sha256(record).hexdigest()}\n" in head
    form = pb.model.ApplicationForm.FromString(files["form.bin"])
    assert form.applicant.citizen_id == refused.person.citizen_id
    text = record.decode()
    for line in (
        "state\trefused\n",
        "opinion\taccept pass police1 ",
        "opinion\treview refuse police2 ",
        "opinion\tapprove refuse police3 ",
    ):
        assert line in text, line
    assert "居住证明与实际不符" in letters(files["refusal.pdf"])
    # The proof of service: which text, in which version, and how it ended; no number, no text.
    proof = [line.split("\t") for line in files["deliveries.tsv"].decode().splitlines()[1:]]
    assert [line[0] for line in proof] == [delivery.message_id for delivery in deliveries]
    assert {line[1] for line in proof} >= {"application_received", "application_refused"}
    assert {(line[3], line[4]) for line in proof} == {("yes", "delivered")}
    assert refused.person.phone not in files["deliveries.tsv"].decode()


def test_what_goes_on_has_no_file_yet(clients, year_ago):
    walk = walked(clients, "documents-open", year_ago)
    with pytest.raises(grpc.RpcError) as error:
        exported(walk)
    assert reason(error.value) == "APPLICATION_WRONG_STATE"
