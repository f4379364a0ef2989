"""Clocks from outside: what time does to a case while processes die, and due dates that another
program counts again."""

import datetime
import time

import chinese_calendar
import pytest

import people
from cluster import Cluster
from conftest import stopping
from stubs import ROOT, pb
from walk import BUREAU, Clients, Walk, key

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
STATION = "330106500000"
# The job looks every 30 seconds.
TIMER_SECONDS_MAX = 60
DAY = datetime.timedelta(days=1)


def statutory_days() -> set[datetime.date]:
    """Days off by law alone, as the calendar's file has them: read here on its own."""
    days, yearly = set(), set()
    for line in (ROOT / "Services/Policy/calendar.tsv").read_text(encoding="utf-8").splitlines():
        fields = line.split("\t")
        if len(fields) == 3 and fields[1] == "statutory":
            days.add(datetime.date.fromisoformat(fields[0]))
        elif fields[0] == "yearly":
            yearly.add(tuple(int(part) for part in fields[1].split("-")))
    for year in range(2027, 2041):
        days |= {datetime.date(year, month, day) for month, day in yearly}
    return days


STATUTORY = statutory_days()


def is_worked(day: datetime.date, covered_to: datetime.date) -> bool:
    """Whether public bodies work: by PyPI's chinesecalendar where the year is published."""
    if day <= covered_to:
        return chinese_calendar.is_workday(day)
    return day.weekday() < 5 and day not in STATUTORY


def date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def counted(derivation, covered_to: datetime.date) -> tuple[datetime.date, bool]:
    """The due day and whether it is provisional, from the rule alone: start, count, pauses."""
    start = date(derivation.start_on)
    out, first = [], start + DAY
    for pause in derivation.pauses:
        if not pause.resumed_on:
            continue
        begins = max(date(pause.stopped_on), first)
        first = begins + (date(pause.resumed_on) - date(pause.stopped_on))
        out.append((begins, first))
    day, left, asked = start, derivation.count, []
    while left:
        day += DAY
        asked.append(day)
        is_out = any(begins <= day < ends for begins, ends in out)
        if not is_out and (not derivation.counts_working_days or is_worked(day, covered_to)):
            left -= 1
    if not derivation.counts_working_days:
        asked = []
    if derivation.rolls_past_days_off:
        def rolled(day):
            while not is_worked(day, covered_to):
                day += DAY
            return day

        day = rolled(day)
        for begins, ends in out:
            if begins <= day < ends:
                day = rolled(ends)
        asked = [day]
    return day, any(day > covered_to for day in asked)


def check(explained) -> None:
    """Every derivation is its own proof, and comes to what another program counts."""
    covered_to = date(explained.covered_to_on)
    for derivation in explained.derivations:
        due, provisional = counted(derivation, covered_to)
        assert derivation.due.due_on == due.isoformat(), derivation
        assert derivation.due.provisional == provisional, derivation
        end = datetime.datetime.combine(due + DAY, datetime.time(), SHANGHAI)
        assert derivation.due.due_at_ms == end.timestamp() * 1000
        on = [date(day.on) for day in derivation.days]
        assert on == [on[0] + DAY * n for n in range(len(on))] and on[-1] == due
        for day in derivation.days:
            worked = day.kind in (
                pb.approval.DAY_KIND_WORKING,
                pb.approval.DAY_KIND_MAKE_UP,
            )
            assert worked == is_worked(date(day.on), covered_to), day
            assert day.published == (date(day.on) <= covered_to)
        reckoned = [day.reckoning for day in derivation.days]
        assert reckoned.count(pb.approval.DAY_RECKONING_COUNTED) == derivation.count
        assert reckoned[0] == pb.approval.DAY_RECKONING_START
        assert derivation.ground


class Case:
    """A submitted application and its case, with the calls that its clocks take."""

    def __init__(self, clients: Clients, rng, declared_on: str):
        self.clients, self.rng = clients, rng
        self.walk = Walk(clients, people.make(rng), rng)
        self.walk.register(declared_on)
        self.walk.draft()
        self.walk.upload()
        self.walk.submit()
        self.case_id = self.walk.case(clients.auditor).case_id

    @property
    def version(self) -> int:
        return self.walk.case(self.clients.auditor).version

    def sign(self, stage: int, officer, decision=None) -> None:
        request = pb.approval.RecordOpinionRequest(
            idempotency_key=key(self.rng, "opinion"),
            case_id=self.case_id,
            expected_version=self.version,
            stage=stage,
            decision=decision or pb.approval.DECISION_PASS,
        )
        self.clients.call(self.clients.approval.RecordOpinion, request, officer)

    def explain(self, caller):
        request = pb.approval.ExplainDeadlineRequest(case_id=self.case_id)
        return self.clients.call(self.clients.approval.ExplainDeadline, request, caller)


def test_due_dates_are_counted_again_by_another_program(clients, rng, year_ago):
    case = Case(clients, rng, year_ago)
    accept = clients.officer("accept", STATION, 1)
    review = clients.officer("review", STATION, 2)
    applicant = clients.signer.caller(
        "applicant", "own", person=case.walk.person.citizen_id
    )
    check(case.explain(applicant))
    case.sign(pb.approval.STAGE_ACCEPT, accept)
    explained = case.explain(applicant)
    terms = [derivation.term for derivation in explained.derivations]
    clocks = pb.approval
    assert terms == [clocks.TERM_GUARD, clocks.TERM_PROMISE, clocks.TERM_STATUTE]
    check(explained)
    pause = pb.approval.PauseClockRequest(
        idempotency_key=key(rng, "pause"),
        case_id=case.case_id,
        expected_version=case.version,
        kind=pb.model.PAUSE_KIND_HEARING,
        expected_days=20,
    )
    clients.call(clients.approval.PauseClock, pause, review)
    case.walk.wait_for_text("clock_paused")
    resume = pb.approval.ResumeClockRequest(
        idempotency_key=key(rng, "resume"), case_id=case.case_id, expected_version=case.version
    )
    clients.call(clients.approval.ResumeClock, resume, review)
    explained = case.explain(clients.auditor)
    assert [pause.kind for pause in explained.derivations[1].pauses] == [
        pb.model.PAUSE_KIND_HEARING
    ]
    check(explained)


class Ahead(Cluster):
    """The four services on a clock that can be moved."""

    def __init__(self, folder):
        super().__init__(folder, {"SANDBOX_CLOCK": str(folder / "clock")})

    def move(self, days: int) -> Clients:
        """Sets it forward; returns clients whose tokens are of then."""
        (self.folder / "clock").write_text(f"{days * 86_400}\n")
        # They look every tenth of a second, and a token from the future is none.
        time.sleep(0.5)
        return Clients(self, ahead_seconds=days * 86_400)


@pytest.fixture
def ahead(tmp_path, monkeypatch):
    monkeypatch.setenv("REGISTRY_ISSUING_CLOCK_AHEAD_DAYS", "36500")
    cluster = Ahead(tmp_path)
    with stopping(cluster):
        cluster.start_all()
        yield cluster


def alarms(case: Case) -> list[int]:
    return [alarm.term for alarm in case.walk.case(case.clients.auditor).alarms]


def history(case: Case) -> list[tuple[str, int]]:
    request = pb.approval.GetCaseHistoryRequest(case_id=case.case_id)
    answer = case.clients.call(
        case.clients.approval.GetCaseHistory, request, case.clients.auditor
    )
    return [(event.action, event.occurred_at_ms) for event in answer.events]


def test_what_time_does_is_done_once_though_the_process_is_killed(ahead, rng):
    """Nobody takes twelve applications up. The process is killed again and again while it accepts
    them by law; in the end each was warned of, accepted and escalated once, dated to its midnight."""
    clients = Clients(ahead)
    today = datetime.datetime.now(SHANGHAI).date()
    declared = (today - 400 * DAY).isoformat()
    cases = [Case(clients, rng, declared) for _ in range(12)]
    submitted = today.isoformat()
    clients.close()
    clients = ahead.move(12)
    for case in cases:
        case.clients = case.walk.clients = clients
        case.walk.caller = clients.integrator
    kills = 0
    deadline = time.monotonic() + TIMER_SECONDS_MAX * 3
    while any("deemed_accepted" not in dict(history(case)) for case in cases):
        assert time.monotonic() < deadline, [history(case) for case in cases]
        if kills < 12:
            ahead.kill("approval")
            ahead.restart("approval")
            kills += 1
            time.sleep(rng.random() * 1.5)
        else:
            time.sleep(0.2)
    for case in cases:
        application = case.walk.wait_for(pb.intake.APPLICATION_STATE_ACCEPTED)
        accepted = application.acceptance.accepted_at_ms / 1000
        assert datetime.datetime.fromtimestamp(accepted, SHANGHAI).date().isoformat() == submitted
        lines = history(case)
        actions = [action for action, _ in lines]
        for action in ("warned", "deemed_accepted"):
            assert actions.count(action) == 1, actions
        assert len(set(alarms(case))) == len(alarms(case))
        assert pb.approval.TERM_PROMISE in alarms(case)
        for action, instant in lines[1:]:
            at = datetime.datetime.fromtimestamp(instant / 1000, SHANGHAI)
            assert at.time() == datetime.time(), (action, at)
        case.walk.wait_for_text("application_accepted")
        assert [text.template_id for text in case.walk.messages()].count("application_accepted") == 1
    # The bureau above the station reads what was escalated to it.
    bureau = clients.officer("approve", BUREAU, 3)
    request = pb.approval.ListAlarmsRequest(page=pb.model.Page(size=500))
    escalated = clients.call(clients.approval.ListAlarms, request, bureau).alarms
    promised = {found.case_id for found in escalated if found.term == pb.approval.TERM_PROMISE}
    assert promised == {case.case_id for case in cases}
    # Two officers are left, and the case comes to its permit.
    case = cases[0]
    case.walk.opinion(pb.approval.STAGE_REVIEW, pb.approval.DECISION_PASS)
    case.walk.opinion(pb.approval.STAGE_APPROVE, pb.approval.DECISION_PASS)
    case.walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    clients.close()
