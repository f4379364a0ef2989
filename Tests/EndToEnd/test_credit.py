"""The record of a fraud, at two platforms that nobody of ours wrote: not before its permit is cancelled,
once in effect though answers are lost, processes are killed and a platform is away; corrected, withdrawn,
and erased at the midnight after five years."""

import datetime
import random
import time

import pytest

import people
from cluster import free_port
from conftest import stopping
from credit_sink import CreditSink, serve
from inspections import Inspection
from stubs import pb
from test_clocks import SHANGHAI, Ahead
from test_desks import desk_events, refused
from test_inspections import FRAUD, NOTHING, NUMBER
from walk import BUREAU, Clients, Walk

WAIT_SECONDS_MAX = 90
STATES = pb.credit.CreditEntryState
NAMES = ["population", "zhejiang"]


class Platforms:
    """Both platforms, each of which can be stopped and started."""

    def __init__(self, folder):
        self.folder = folder
        self.ports = {name: free_port() for name in NAMES}
        self.sinks: dict[str, CreditSink] = {}
        self.servers: dict = {}

    def start(self, name: str, losing: int = 0) -> CreditSink:
        self.sinks[name] = CreditSink(self.folder / name, name, losing)
        self.servers[name] = serve(self.sinks[name], self.ports[name])
        return self.sinks[name]

    def stop(self, name: str) -> None:
        self.servers.pop(name).stop(None).wait()

    def wait_for(self, entry_id: str, version: int, names=NAMES) -> None:
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while any(self.sinks[name].versions.get(entry_id) != version for name in names):
            assert time.monotonic() < deadline, [self.sinks[name].versions for name in names]
            assert not self.refusals(), self.refusals()
            time.sleep(0.1)

    def refusals(self) -> list[str]:
        return [path.read_text() for path in self.folder.glob("*/refused.txt")]


@pytest.fixture
def world(tmp_path, monkeypatch):
    """The four services on a clock that can be moved, and two platforms, of which one is away."""
    platforms = Platforms(tmp_path / "platforms")
    listed = " ".join(f"{name}=127.0.0.1:{platforms.ports[name]}" for name in NAMES)
    monkeypatch.setenv("APPROVAL_CREDIT_PLATFORMS", listed)
    monkeypatch.setenv("REGISTRY_ISSUING_CLOCK_AHEAD_DAYS", "36500")
    cluster = Ahead(tmp_path)
    with stopping(cluster):
        platforms.start("population", losing=1)
        cluster.start_all()
        yield cluster, platforms
        for name in list(platforms.servers):
            platforms.stop(name)
    assert not platforms.refusals()


def inspected(clients: Clients, rng: random.Random, declared: str) -> Inspection:
    """The inspection of a permit that was just issued, its holder heard."""
    walk = Walk(clients, people.make(rng), rng)
    walk.register(declared)
    walk.draft()
    walk.upload()
    walk.submit()
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    inspection = Inspection(walk)
    inspection.hear()
    return inspection


def credit(inspection: Inspection):
    return inspection.read().credit


def correct(inspection: Inspection, officer: list):
    request = pb.approval.CorrectCreditEntryRequest(
        **inspection.keyed("correct"),
        decision_number=NUMBER + "之一",
        penalty=pb.approval.PENALTY_WARNING,
        reason="复核认定情节轻微。",
    )
    return inspection.clients.call(inspection.clients.approval.CorrectCreditEntry, request, officer)


def withdraw(inspection: Inspection, officer: list):
    request = pb.approval.WithdrawCreditEntryRequest(
        **inspection.keyed("withdraw"), reason="处罚决定已被撤销。"
    )
    method = inspection.clients.approval.WithdrawCreditEntry
    return inspection.clients.call(method, request, officer)


def test_a_fraud_is_recorded_once_everywhere_and_erased_after_five_years(world, rng, year_ago):
    cluster, platforms = world
    clients = Clients(cluster)
    population = platforms.sinks["population"]
    cleared = inspected(clients, rng, year_ago)
    cleared.conclude(cleared.proposer, NOTHING)
    assert cleared.conclude(cleared.decider, NOTHING).state == pb.approval.INSPECTION_STATE_CLEARED
    inspection = inspected(clients, rng, year_ago)
    entry_id = inspection.now.inspection_id
    inspection.conclude(inspection.proposer, FRAUD)
    assert not inspection.read().HasField("credit")
    # What two officers have found is not recorded either, as long as the permit is not cancelled.
    cluster.kill("registry")
    inspection.conclude(inspection.decider, FRAUD)
    time.sleep(1)
    assert not inspection.read().HasField("credit")
    assert population.calls == []
    cluster.restart("registry")
    inspection.wait_for(pb.approval.INSPECTION_STATE_CANCELLED)

    # The first platform has it, and again, for its first answer was lost; the second one is away.
    platforms.wait_for(entry_id, 1, ["population"])
    cluster.kill("approval")
    cluster.restart("approval")
    platforms.start("zhejiang")
    platforms.wait_for(entry_id, 1)
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while [had.version_taken for had in credit(inspection).deliveries] != [1, 1]:
        assert time.monotonic() < deadline, credit(inspection)
        time.sleep(0.1)
    assert len(population.calls) >= 2 and population.changed == 1
    assert len({call.idempotency_key for call in population.calls}) == 1
    person = inspection.walk.person
    today = datetime.datetime.now(SHANGHAI).date()
    for name in NAMES:
        sink = platforms.sinks[name]
        assert set(sink.versions) == {entry_id}, "what was cleared is recorded"
        kept = sink.entry(entry_id)["finding"]
        assert (kept["name"], kept["citizenId"]) == (person.name, person.citizen_id)
        assert kept["certificateIdentifier"] == inspection.now.certificate_identifier
        assert (kept["decisionNumber"], kept["fineYuan"]) == (NUMBER, 200)
        assert (kept["decidedOn"], kept["officeCode"]) == (today.isoformat(), BUREAU)

    # A dispute: who has found it does not judge of it.
    own = refused(lambda: correct(inspection, inspection.decider))
    assert own == ("FAILED_PRECONDITION", "OFFICER_ALREADY_IN_CASE")
    settler = clients.officer("approve", BUREAU, 14)
    correct(inspection, settler)
    platforms.wait_for(entry_id, 2)
    for name in NAMES:
        kept = platforms.sinks[name].entry(entry_id)["finding"]
        assert kept["decisionNumber"] == NUMBER + "之一" and "fineYuan" not in kept
    until = datetime.date.fromisoformat(credit(inspection).kept_until_on)

    # Five years later, with approval killed while it erases.
    clients.close()
    clients = cluster.move((until - today).days + 1)
    inspection.clients = inspection.walk.clients = clients
    cluster.kill("approval")
    cluster.restart("approval")
    platforms.wait_for(entry_id, 3)
    assert [platforms.sinks[name].entry(entry_id) for name in NAMES] == [None, None]
    shown = credit(inspection)
    assert shown.state == STATES.CREDIT_ENTRY_STATE_ERASED and shown.decision_number == ""
    midnight = datetime.datetime.combine(until + datetime.timedelta(days=1), datetime.time(), SHANGHAI)
    assert shown.changed_at_ms == midnight.timestamp() * 1000
    assert [sink.changed for sink in platforms.sinks.values()] == [3, 3]
    events = [e for e in desk_events(clients, inspection.walk) if e.action.startswith("credit_")]
    assert [event.action for event in events] == [
        "credit_recorded",
        "credit_corrected",
        "credit_erased",
    ]
    assert events[-1].occurred_at_ms == shown.changed_at_ms
    clients.close()


def test_a_record_that_should_not_be_there_goes_from_both_platforms(world, rng, year_ago):
    cluster, platforms = world
    platforms.start("zhejiang")
    clients = Clients(cluster)
    inspection = inspected(clients, rng, year_ago)
    entry_id = inspection.now.inspection_id
    inspection.conclude(inspection.proposer, FRAUD)
    inspection.conclude(inspection.decider, FRAUD)
    platforms.wait_for(entry_id, 1)
    assert all(platforms.sinks[name].entry(entry_id) for name in NAMES)
    settler = clients.officer("approve", BUREAU, 14)
    withdraw(inspection, settler)
    platforms.wait_for(entry_id, 2)
    assert [platforms.sinks[name].entry(entry_id) for name in NAMES] == [None, None]
    assert credit(inspection).state == STATES.CREDIT_ENTRY_STATE_WITHDRAWN
    gone = refused(lambda: correct(inspection, settler))
    assert gone == ("FAILED_PRECONDITION", "CREDIT_ENTRY_WRONG_STATE")
    clients.close()
