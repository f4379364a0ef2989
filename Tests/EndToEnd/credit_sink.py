"""A reference platform for credit entries (不良信息): it keeps the newest version of each, deletes what is
withdrawn or erased, and believes nothing that it has not checked. Run it by itself, or let a test run it:

    python Tests/EndToEnd/credit_sink.py FOLDER PORT

The folder gets `entries/ID.json` while an entry says something, and `versions.json`, the newest version
of each. What does not fit is refused, and named in `refused.txt`."""

import datetime
import json
import sys
import threading
from concurrent import futures
from pathlib import Path

import grpc
from google.protobuf.json_format import MessageToDict

from stubs import pb

STATES = pb.credit.CreditEntryState
LIVE = {STATES.CREDIT_ENTRY_STATE_RECORDED, STATES.CREDIT_ENTRY_STATE_CORRECTED}
GONE = {STATES.CREDIT_ENTRY_STATE_WITHDRAWN, STATES.CREDIT_ENTRY_STATE_ERASED}
WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]


def is_citizen_id(text: str) -> bool:
    """GB 11643: 17 digits and the check character of ISO 7064 MOD 11-2."""
    if len(text) != 18 or not text[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False))
    return text[17] == "10X98765432"[total % 11]


def five_years_after(day: datetime.date) -> datetime.date:
    try:
        return day.replace(year=day.year + 5)
    except ValueError:
        return day.replace(year=day.year + 5, day=28)


class CreditSink(pb.credit_grpc.CreditRecordServiceServicer):
    """Keeps each entry once, however often it is sent."""

    def __init__(self, folder: Path, name: str, losing: int = 0):
        """`losing` answers are lost after the entry was kept."""
        self.folder, self.name, self.losing = folder, name, losing
        self.lock = threading.Lock()
        (folder / "entries").mkdir(parents=True, exist_ok=True)
        self.path = folder / "versions.json"
        self.versions = json.loads(self.path.read_text()) if self.path.exists() else {}
        self.calls: list = []
        self.changed = 0

    def entry(self, entry_id: str) -> dict | None:
        path = self.folder / "entries" / f"{entry_id}.json"
        return json.loads(path.read_text()) if path.exists() else None

    def PutEntry(self, request, context):  # noqa: N802, the contract's name
        with self.lock:
            self.calls.append(request)
            wrong = self.take(request)
            losing, self.losing = self.losing > 0, max(0, self.losing - 1)
        if wrong:
            (self.folder / "refused.txt").write_text(wrong)
            context.abort(grpc.StatusCode.FAILED_PRECONDITION, wrong)
        if losing:
            context.abort(grpc.StatusCode.UNAVAILABLE, "the answer is lost")
        return pb.credit.PutEntryResponse()

    def take(self, request) -> str:
        """Why the call is refused; "" where it is taken."""
        entry, known = request.entry, self.versions.get(request.entry.entry_id, 0)
        if request.platform != self.name:
            return f"it was sent to {request.platform}"
        if not 16 <= len(request.idempotency_key) <= 64:
            return f"the key has {len(request.idempotency_key)} characters"
        if entry.version <= known:
            return ""
        if known and entry.version != known + 1:
            return f"version {entry.version} comes after {known}"
        path = self.folder / "entries" / f"{entry.entry_id}.json"
        if entry.state in GONE:
            if entry.HasField("finding"):
                return "what is gone still says something"
            path.unlink(missing_ok=True)
        elif entry.state in LIVE:
            if wrong := self.check(entry.finding):
                return wrong
            text = json.dumps(MessageToDict(entry), ensure_ascii=False)
            path.write_text(text)
        else:
            return f"state {entry.state}"
        self.versions[entry.entry_id] = entry.version
        self.path.write_text(json.dumps(self.versions))
        self.changed += 1
        return ""

    @staticmethod
    def check(finding) -> str:
        if not finding.name or not is_citizen_id(finding.citizen_id):
            return "it names nobody"
        if not finding.decision_number or not 0 <= finding.fine_yuan <= 200:
            return "that is no penalty for fraud"
        if len(finding.office_code) != 12 or not finding.office_name:
            return "no office has decided"
        decided = datetime.date.fromisoformat(finding.decided_on)
        if finding.kept_until_on != five_years_after(decided).isoformat():
            return f"decided on {decided}, it is kept until {finding.kept_until_on}"
        return ""


def serve(sink: CreditSink, port: int) -> grpc.Server:
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=2))
    pb.credit_grpc.add_CreditRecordServiceServicer_to_server(sink, server)
    assert server.add_insecure_port(f"127.0.0.1:{port}") == port
    server.start()
    return server


if __name__ == "__main__":
    serve(CreditSink(Path(sys.argv[1]), "platform"), int(sys.argv[2])).wait_for_termination()
