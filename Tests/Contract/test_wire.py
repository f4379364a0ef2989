"""The status details that Swift writes and reads (Tests/RPCTests/StatusGoldenTests.swift) are those
of google.rpc's published Python stubs.

ANJU_UPDATE_GOLDEN=1 pytest Tests/Contract/test_wire.py writes the bytes anew.
"""

import os
import pathlib

import pytest
from google.protobuf import duration_pb2
from google.rpc import error_details_pb2, status_pb2

GOLDEN = pathlib.Path(__file__).parent / "status"


def status(code: int, message: str, *details) -> status_pb2.Status:
    result = status_pb2.Status(code=code, message=message)
    for detail in details:
        result.details.add().Pack(detail)
    return result


def info(reason: str, **metadata: str) -> error_details_pb2.ErrorInfo:
    return error_details_pb2.ErrorInfo(
        reason=reason, domain="anju.zj.gov.cn", metadata=metadata)


def chinese(message: str) -> error_details_pb2.LocalizedMessage:
    return error_details_pb2.LocalizedMessage(locale="zh-CN", message=message)


def violation(field: str, reason: str, english: str, text: str):
    return error_details_pb2.BadRequest.FieldViolation(
        field=field, description=english, reason=reason, localized_message=chinese(text))


STATUSES = {
    "form_defective": status(
        3, "The application has defects; every one is listed.",
        info("FORM_DEFECTIVE"),
        chinese("申请存在缺陷,已一次性全部列明。"),
        error_details_pb2.BadRequest(field_violations=[
            violation("form.applicant.name", "NAME_EMPTY", "The name is empty.", "姓名为空。"),
            violation("form.phone", "PHONE_WRONG", "100% wrong.", "手机号码有误。"),
        ])),
    "overloaded": status(
        8, "Too much work is waiting; try again later.",
        info("OVERLOADED"),
        chinese("当前待处理事项过多,请稍后重试。"),
        error_details_pb2.RetryInfo(
            retry_delay=duration_pb2.Duration(seconds=1, nanos=500_000_000))),
    "wrong_state": status(
        9, "The case's state does not allow this.",
        info("CASE_WRONG_STATE", current_state="decided"),
        chinese("案件当前状态不允许此操作。")),
    "unpublished": status(10, "Something else.", info("NOT_IN_THE_CATALOGUE")),
}


@pytest.mark.parametrize("name", STATUSES)
def test_bytes_are_what_python_writes(name):
    path = GOLDEN / f"{name}.bin"
    if "ANJU_UPDATE_GOLDEN" in os.environ:
        GOLDEN.mkdir(exist_ok=True)
        path.write_bytes(STATUSES[name].SerializeToString(deterministic=True))
    assert path.read_bytes() == STATUSES[name].SerializeToString(deterministic=True)


@pytest.mark.parametrize("name", STATUSES)
def test_python_reads_every_detail(name):
    read = status_pb2.Status.FromString((GOLDEN / f"{name}.bin").read_bytes())
    for detail in read.details:
        kind = detail.type_url.rsplit(".", 1)[1]
        message = getattr(error_details_pb2, kind)()
        assert detail.Unpack(message)
        assert message.ListFields()


def test_no_file_without_a_status():
    assert sorted(p.stem for p in GOLDEN.glob("*.bin")) == sorted(STATUSES)
