"""No statement of a service reads a table from end to end. The suites write down every statement that
they run (Tests/StatementLog); here SQLite says how it would run each on the services' own schemas."""

import contextlib
import os
import re
import sqlite3
from pathlib import Path

import pytest

from cluster import SERVICES, Cluster
from stubs import ROOT

STATEMENTS = Path(os.environ.get("ANJU_STATEMENTS", ROOT / ".anju" / "test" / "statements"))
# Tables of a few rows.
SMALL = {"log_sequencer", "signing_key", "sqlite_sequence"}
# What reads a whole table on purpose, by how it begins, and why.
ALLOWED = {
    "UPDATE outbox_lane SET owner = ''": "once, at the start of a process that is alone",
    "UPDATE outbox_lane SET ready_at = 0 WHERE ready_at = ?": "the sweep, rarely",
    "UPDATE application_change SET position": "the batch of changes that have none yet, and no other",
    "UPDATE work_change SET position": "the same of officers' work",
    "UPDATE slip SET sha256 = ?": "a test, which spoils every slip",
    "UPDATE log_head SET root = ?": "a test, which spoils every head",
    "SELECT EXISTS (SELECT 1 FROM permit WHERE signature = ?)": "a test of erasure",
    "SELECT COUNT(*) AS n FROM message WHERE state = 'queued' AND COALESCE": "a simulation's end",
}
# As many as a run of all suites has at least; fewer were not written down.
STATEMENTS_MIN = 300


def statements() -> list[str]:
    if not STATEMENTS.exists():
        pytest.skip(f"{STATEMENTS} is not there: ./dev test runs the suites before, which write it")
    return [" ".join(text.split()) for text in STATEMENTS.read_text().split("\0") if text]


@pytest.fixture(scope="module")
def databases(tmp_path_factory):
    """Each service's database, as the service makes it."""
    cluster = Cluster(tmp_path_factory.mktemp("plans"))
    try:
        cluster.start_all()
    finally:
        cluster.stop_all()
    files = cluster.folder / "data"
    with contextlib.ExitStack() as stack:
        yield {
            service: stack.enter_context(
                contextlib.closing(sqlite3.connect(files / f"{service}.db"))
            )
            for service in SERVICES
        }


def plan(database: sqlite3.Connection, sql: str) -> list[str]:
    """The steps of the plan; none where the schema has no such table."""
    values = [0] * sql.count("?")
    try:
        return [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
    except sqlite3.OperationalError as error:
        # Of another service, of an earlier schema, or of a test's own table.
        if not re.search("no such|has no column", str(error)):
            raise
        return []


def is_judged(sql: str) -> bool:
    """Whether it looks for something: a statement without a value is a test's look at everything, or
    a count that is meant."""
    return re.match(r"(WITH|SELECT|UPDATE|DELETE|INSERT)\b.*\?", sql) is not None


def test_no_statement_reads_a_whole_table_for_a_few_rows(databases):
    scans, planned = set(), 0
    for sql in filter(is_judged, set(statements())):
        steps = {service: plan(database, sql) for service, database in databases.items()}
        planned += any(steps.values())
        for service, found in steps.items():
            tables = {match[1] for step in found if (match := re.match(r"SCAN (\w+)$", step))}
            # What a query inside has found is read whole, as a list of values is; how it found it is a
            # step of its own.
            tables -= set(re.findall(r"(?:LIMIT \?\) AS|WITH(?: RECURSIVE)?) (\w+)", sql))
            if tables - SMALL and not sql.startswith(tuple(ALLOWED)):
                scans.add(f"{service} reads all of {tables - SMALL}: {sql}")
    assert planned >= STATEMENTS_MIN, f"{STATEMENTS} has only {planned} statements of the services"
    assert not scans, "\n".join(sorted(scans))


def test_what_is_allowed_is_needed(databases):
    texts = statements()
    for beginning in ALLOWED:
        assert any(text.startswith(beginning) for text in texts), beginning
