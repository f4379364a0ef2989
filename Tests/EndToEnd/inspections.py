"""An inspection of a permit (事中事后核查), led from outside by the officers of its offices."""

from kinds import day
from stubs import pb
from walk import BUREAU, Walk, key


class Inspection:
    """One inspection, led by officers of the permit's own offices."""

    def __init__(self, walk: Walk):
        self.walk, self.clients = walk, walk.clients
        self.opener = self.clients.officer("accept", walk.office, 11)
        self.proposer = self.clients.officer("review", walk.office, 12)
        self.decider = self.clients.officer("approve", BUREAU, 13)
        request = pb.approval.OpenInspectionRequest(
            idempotency_key=key(walk.rng, "inspect"),
            case_id=walk.case(self.clients.auditor).case_id,
            grounds="举报称劳动合同系伪造。",
            notice_served_on=day(0),
        )
        method = self.clients.approval.OpenInspection
        self.now = self.clients.call(method, request, self.opener).inspection

    def read(self):
        request = pb.approval.GetInspectionRequest(inspection_id=self.now.inspection_id)
        method = self.clients.approval.GetInspection
        self.now = self.clients.call(method, request, self.clients.auditor).inspection
        return self.now

    def keyed(self, what: str) -> dict:
        return dict(
            idempotency_key=key(self.walk.rng, what),
            inspection_id=self.now.inspection_id,
            expected_version=self.read().version,
        )

    def hear(self):
        request = pb.approval.RecordStatementRequest(
            **self.keyed("hear"), text="合同是中介代办的，本人不知情。"
        )
        method = self.clients.approval.RecordStatement
        self.now = self.clients.call(method, request, self.opener).inspection

    def conclude(self, officer: list, conclusion: dict):
        request = pb.approval.ConcludeInspectionRequest(
            **self.keyed("conclude"), conclusion=pb.approval.InspectionConclusion(**conclusion)
        )
        method = self.clients.approval.ConcludeInspection
        self.now = self.clients.call(method, request, officer).inspection
        return self.now

    def wait_for(self, state: int):
        for _ in range(2_000):
            if self.read().state == state:
                return self.now
        raise AssertionError(f"the inspection stays in state {self.now.state}")
