"""The filled form and the receipt of every kind that is applied for online, read back and kept as pictures
(`papers.py`); the slip is of the counter (`test_kinds.py`)."""

import pytest

import people
from kinds import KIND, KindWalk, day
from papers import look_at
from stubs import pb

MOVED = dict(residence=pb.model.Address(detail="保俶路2号"), changed_on=day(-2))
ANEW = dict(applicant=pb.model.Identity(name="王更正"))
CONTACT = dict(phone="13900000001", workplace="新单位", changed_on=day(-1))

# Each kind: where a permit of before is from, what else the form says, its title, and what it shows.
FORMS = {
    "registration": (KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION, None, {}, "居住登记申报表", []),
    "address": (
        KIND.APPLICATION_KIND_ADDRESS_CHANGE, None, MOVED, "居住地址变更申报表", ["保俶路2号"]),
    "contact": (
        KIND.APPLICATION_KIND_CONTACT_CHANGE, "330106", CONTACT, "联系方式、服务处所变更申报表",
        ["13900000001", "新单位"]),
    "first": (
        KIND.APPLICATION_KIND_FIRST_PERMIT, None, {}, "《浙江省居住证》申领表",
        ["☑签订劳动合同", "受理人意见：", "审核人意见：", "审批人意见："]),
    "endorsement": (
        KIND.APPLICATION_KIND_ENDORSEMENT, "330106", MOVED, "《浙江省居住证》签注申请表",
        ["☑签订劳动合同", "保俶路2号"]),
    "by-permit": (
        KIND.APPLICATION_KIND_CONVERSION_BY_PERMIT, "330302", {}, "《浙江省居住证》互认转换申请表",
        ["☑现有证件互认", "☐居住登记时间互认", "自动注销"]),
    "by-registration": (
        KIND.APPLICATION_KIND_CONVERSION_BY_REGISTRATION, None, {}, "《浙江省居住证》互认转换申请表",
        ["☐现有证件互认", "☑居住登记时间互认"]),
    "correction": (
        KIND.APPLICATION_KIND_FACE_DATA_CORRECTION, "330106", ANEW,
        "《浙江省居住证》证面信息更正申请表", ["王更正"]),
    "loss": (KIND.APPLICATION_KIND_LOSS_REPORT, "330106", {}, "《浙江省居住证》挂失申报表", []),
    "cancellation": (
        KIND.APPLICATION_KIND_CANCELLATION, "330106", {}, "《浙江省居住证》注销申请表", []),
}


@pytest.mark.parametrize("name", FORMS)
def test_the_form_and_the_receipt(clients, rng, year_ago, name):
    kind, division, fields, title, shown = FORMS[name]
    walk = KindWalk(clients, people.make(rng), rng)
    if kind != KIND.APPLICATION_KIND_RESIDENCE_REGISTRATION:
        walk.register(year_ago)
    if division:
        walk.import_permit(division, 10 if kind == KIND.APPLICATION_KIND_ENDORSEMENT else 300)
    walk.begin(kind, **fields).submitted()
    look_at(walk, name, title, *shown)


def test_of_a_loss_that_is_over(clients, rng, year_ago):
    walk = KindWalk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.import_permit("330106", 300)
    walk.begin(KIND.APPLICATION_KIND_LOSS_REPORT).submitted().completed()
    walk.begin(KIND.APPLICATION_KIND_LOSS_WITHDRAWAL).submitted()
    look_at(walk, "loss-over", "《浙江省居住证》解除挂失申报表")
