"""All rows of the four stores, and what of them must be the same where the same persons did the same
things: of personal values, which are sealed, their length."""

import json
import re
import sqlite3
from collections import Counter
from pathlib import Path

SEALED = bytes([1, 16])
# A column that holds this is due at no time at all.
NEVER = 2**63 - 1
FIRST_INSTANT_MS = 1_500_000_000_000

# What differs with each try: random, or signed, or a hash of such.
RANDOM = {
    "application_number", "blind", "hash", "leaf_hash", "public_key_pem", "root", "signature",
}
# Numbers that are given in the order in which things come, of which only matters whether there is one.
PLACES = {"id", "leaf_index", "position"}
# Who has the only claim on something, and for how long.
CLAIMS = {"owner", "fence", "lease_until"}
# Texts name days in words, which have as many digits as they need: 9 or 30, month 1 or 12.
TEXTS = {("message", "text")}
# Answers that hold a certificate's signature, which is of 70 to 72 bytes (DER).
SIGNED = ("/IssuePermit", "/LoadPermit")
# Counters stand in parts, so that writers do not wait for one another: the sum matters.
PARTS = {"case_statistic": ("shard", "value"), "queue_count": ("shard", "messages")}

WORDS = [
    (re.compile(r"1\.2\.156\.3005\.2\.[0-9A-Z.]+"), "certificate"),
    (re.compile(r"\b[0-9A-HJKMNP-TV-Z]{26}\b"), "id"),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), "day"),
    (re.compile(r"\b([0-9a-f]{8}){2,4}\b"), "random"),
]


def of_files(folder: Path, services) -> dict:
    """Of SQLite files that no service has: rows by service and table."""
    found = {}
    for service in services:
        store = sqlite3.connect(f"file:{folder / service}.db?mode=ro", uri=True)
        store.row_factory = sqlite3.Row
        tables = store.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        for (table,) in tables.fetchall():
            rows = store.execute(f'SELECT * FROM "{table}"').fetchall()
            found[service, table] = [dict(row) for row in rows]
        store.close()
    return found


def of_server(server, services) -> dict:
    """The same of a PostgreSQL server's databases."""
    found = {}
    for service in services:
        database = f"anju_{service}"
        tables = server.rows(
            database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        )
        for (table,) in tables:
            lines = server.script("sql", database, f'SELECT row_to_json(t) FROM "{table}" t')
            found[service, table] = [
                {column: _read(value) for column, value in json.loads(line).items()}
                for line in lines.splitlines()
            ]
    return found


def _read(value):
    if isinstance(value, str) and value.startswith("\\x"):
        return bytes.fromhex(value[2:])
    return value


def normal(found: dict) -> dict:
    """The rows without what is another each time, sorted; applications are called by their picture."""
    names = {
        row["application_id"]: f"application {row['sha256'].hex()[:12]}."
        for row in found["intake", "material"]
        if row["kind"] == 1
    }
    return {
        (service, table): _table(table, [_row(table, row, names) for row in rows])
        for (service, table), rows in found.items()
    }


def _row(table: str, row: dict, names: dict) -> dict:
    told = {
        column: _value(table, column, value, names)
        for column, value in row.items()
        if not (table == "log_sequencer" and column in CLAIMS)
    }
    if table == "inbox" and row["scope"].endswith(SIGNED):
        told["answer"] = "signed"
    return told


def _value(table: str, column: str, value, names: dict):
    if value is None:
        return None
    if column in PLACES and table in ("log_entry", "application_change", "work_change"):
        return "a place"
    if column in RANDOM or (column == "sha256" and table == "case_file"):
        return "random"
    if (table, column) in TEXTS:
        return "a text"
    if isinstance(value, bytes):
        return f"sealed {len(value)}" if value.startswith(SEALED) else value.hex()
    if isinstance(value, int):
        return "time" if FIRST_INSTANT_MS <= value < NEVER else value
    for name, word in names.items():
        value = value.replace(name, word)
    for pattern, word in WORDS:
        value = pattern.sub(word, value)
    return value


def _table(table: str, rows: list[dict]) -> list[str]:
    if table == "log_head":
        # One head covers as many entries as had come by then: all of them in the end.
        return [f"{max(row['size'] for row in rows)} leaves"]
    if table in PARTS:
        part, number = PARTS[table]
        sums: Counter = Counter()
        for row in rows:
            rest = {name: value for name, value in row.items() if name not in (part, number)}
            sums[json.dumps(rest, sort_keys=True)] += row[number]
        return sorted(f"{rest}: {sum}" for rest, sum in sums.items() if sum)
    return sorted(json.dumps(row, sort_keys=True) for row in rows)
