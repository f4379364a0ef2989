"""`anju import`: files of permits of earlier kinds and of registrations, with every kind of bad row,
run again, and killed half way."""

import csv
import io
import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import people
from stubs import pb
from test_kill import all_permits
from walk import Clients

LONG = os.environ.get("ANJU_LONG") == "1"
ROWS = 10_000 if LONG else 400
SECONDS_MAX = 600
# What the largest file may take beside the smallest one: a build without optimisation is generous.
RSS_GROWTH_KIB_MAX = 24 * 1024

COLUMNS = """record citizen_id name sex ethnicity_code household_division_code household_street
household_detail division_code street community detail kind number phone photo_sha256 bureau_code
issued_on valid_to_on declared_on ended_on office_code workplace""".split()


@dataclass
class File:
    """A file to import, and what each line is to come to."""

    path: Path
    expected: dict[int, tuple[str, str]] = field(default_factory=dict)
    persons: list[people.Person] = field(default_factory=list)

    @property
    def counts(self) -> Counter:
        return Counter(outcome for outcome, _ in self.expected.values())


def common(person: people.Person) -> dict[str, str]:
    return dict(
        citizen_id=person.citizen_id,
        name=person.name,
        sex=str(person.sex),
        ethnicity_code="01",
        household_division_code=person.home,
        household_street="城关镇",
        household_detail="人民路8号, 2幢",
        division_code="330106",
        street="北山街道",
        detail='保俶路1号"东楼"301室',
    )


def permit(person: people.Person, number: str) -> dict[str, str]:
    return common(person) | dict(
        record="permit",
        kind="ic_card",
        number=number,
        phone=person.phone,
        photo_sha256="a5" * 32,
        bureau_code="330106000000",
        issued_on="2015-05-20",
        valid_to_on="2016-05-20",
    )


def registration(person: people.Person) -> dict[str, str]:
    return common(person) | dict(
        record="registration",
        declared_on="2015-01-10",
        ended_on="2019-01-10",
        office_code="330106500000",
        workplace="某某公司",
    )


def bad_rows(first: people.Person, card: str, new) -> list[tuple[bytes | dict[str, str], str]]:
    """Every kind of row that is refused, and why; `first` holds the permit of number `card`. `new`
    makes a person."""

    def spoiled(**changes: str) -> dict[str, str]:
        return permit(new(), f"bad-{new().citizen_id[:10]}") | changes

    wrong_check = new().citizen_id
    wrong_check = wrong_check[:17] + ("1" if wrong_check[17] != "1" else "2")
    return [
        (spoiled(citizen_id=wrong_check), "REQUEST_INVALID"),
        (spoiled(name=""), "REQUEST_INVALID"),
        (spoiled(phone="12"), "REQUEST_INVALID"),
        (spoiled(division_code="110101"), "REQUEST_INVALID"),
        (spoiled(bureau_code="330106500000"), "REQUEST_INVALID"),
        (spoiled(issued_on="2015-02-30"), "REQUEST_INVALID"),
        (spoiled(valid_to_on="2015-05-20"), "REQUEST_INVALID"),
        (spoiled(number=""), "REQUEST_INVALID"),
        (registration(new()) | dict(declared_on="2999-01-01", ended_on=""), "REQUEST_INVALID"),
        (registration(first) | dict(ended_on="2018-01-01"), "REQUEST_INVALID"),
        (spoiled(kind="gold"), "VALUE_UNKNOWN"),
        (spoiled(sex="3"), "VALUE_UNKNOWN"),
        (spoiled(record="person"), "VALUE_UNKNOWN"),
        (spoiled(photo_sha256="a5"), "HASH_INVALID"),
        (spoiled(declared_on="2015-01-01"), "FIELD_NOT_WANTED"),
        (registration(new()) | dict(number="1"), "FIELD_NOT_WANTED"),
        (permit(new(), card), "IMPORT_DIFFERS"),
        (permit(first, card) | dict(valid_to_on="2017-05-20"), "IMPORT_DIFFERS"),
        (permit(first, f"{card}-second"), "PERMIT_ALREADY_LIVE"),
        (b'permit,"never closed,1', "QUOTES_BROKEN"),
        (b'permit,a"b,1', "QUOTES_BROKEN"),
        (b"permit,1,2", "COLUMNS_WRONG"),
        (b"permit,\xff\xfe", "NOT_UTF8"),
        (b"permit," + b"x" * 70_000, "LINE_TOO_LONG"),
    ]


def generate(path: Path, rng: random.Random, rows: int, bad: bool = True) -> File:
    """A file of so many good rows, two a person, with the bad ones among them."""
    known: set[str] = set()

    def new() -> people.Person:
        while (person := people.make(rng)).citizen_id in known:
            pass
        known.add(person.citizen_id)
        return person

    cards = f"{rng.getrandbits(64):016x}"
    made = File(path, persons=[new() for _ in range(rows // 2)])
    lines: list[tuple[bytes | dict[str, str], str, str]] = []
    for number, person in enumerate(made.persons):
        lines.append((registration(person), "imported", ""))
        lines.append((permit(person, f"{cards}-{number}"), "imported", ""))
    if bad:
        for row, reason in bad_rows(made.persons[0], f"{cards}-0", new):
            lines.insert(rng.randint(2, len(lines)), (row, "refused", reason))
        lines.append((permit(made.persons[0], f"{cards}-0"), "unchanged", ""))
    with path.open("wb") as file:
        file.write(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n\r\n")
        for line, (row, outcome, reason) in enumerate(lines, start=3):
            file.write(row if isinstance(row, bytes) else encoded(row))
            file.write(b"\r\n")
            made.expected[line] = (outcome, reason)
    return made


def encoded(row: dict[str, str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([row.get(name, "") for name in COLUMNS])
    return text.getvalue().encode()


def started(cluster, file: File, *more: str) -> subprocess.Popen:
    command = [str(cluster.bin / "anju"), "import", str(file.path), "--json"]
    command += ["--keys", str(cluster.keys), "--registry", cluster.addresses("registry"), *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def run(cluster, file: File, *more: str) -> tuple[int, dict, int]:
    """Exit code, summary, and the most memory that the process had, in KiB."""
    process = started(cluster, file, *more)
    output = process.stdout.read()
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    process.stderr.close()
    assert process.returncode in (0, 2), error
    return process.returncode, json.loads(output), usage.ru_maxrss


def report(file: File) -> list[dict]:
    path = Path(f"{file.path}.report.jsonl")
    return [json.loads(line) for line in path.read_text().splitlines()]


def assert_reported(file: File, again: bool = False) -> None:
    rows = report(file)
    assert [row["line"] for row in rows] == sorted(file.expected)
    for row in rows:
        outcome, reason = file.expected[row["line"]]
        allowed = {"imported", "unchanged"} if again and outcome == "imported" else {outcome}
        assert row["outcome"] in allowed, row
        assert row.get("reason", "") == reason, row


def test_each_row_once_whatever_happens(fresh_cluster, tmp_path, rng):
    small = generate(tmp_path / "small.csv", rng, 20, bad=False)
    code, summary, least = run(fresh_cluster, small)
    assert (code, summary["imported"], summary["refused"]) == (0, 20, 0)

    file = generate(tmp_path / "all.csv", rng, ROWS)
    refused = file.counts["refused"]
    process = started(fresh_cluster, file)
    written = Path(f"{file.path}.report.jsonl")
    deadline = time.monotonic() + SECONDS_MAX
    while process.poll() is None and time.monotonic() < deadline:
        if written.exists() and written.read_bytes().count(b"\n") >= ROWS // 2:
            break
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it ended before it was killed"

    code, summary, most = run(fresh_cluster, file)
    assert code == 2
    assert summary["rows"] == len(file.expected)
    assert summary["refused"] == refused
    assert summary["unchanged"] >= ROWS // 2 - refused
    assert_reported(file, again=True)

    begin = time.monotonic()
    code, summary, _ = run(fresh_cluster, file)
    print(f"{len(file.expected)} rows again in {time.monotonic() - begin:.1f} s, {most} KiB")
    assert (code, summary["imported"], summary["refused"]) == (2, 0, refused)
    assert_reported(file, again=True)
    assert most - least < RSS_GROWTH_KIB_MAX, f"{least} KiB for 20 rows, {most} KiB for {ROWS}"

    clients = Clients(fresh_cluster)
    assert len(all_permits(clients)) == len(file.persons) + len(small.persons)
    for person in [*file.persons[:3], *rng.sample(file.persons, 20)]:
        request = pb.registry.FindPermitsRequest(citizen_id=person.citizen_id)
        found = clients.call(clients.registry.FindPermits, request, clients.auditor)
        assert [p.kind for p in found.permits] == [pb.registry.PERMIT_KIND_IC_CARD]
        request = pb.registry.GetResidenceHistoryRequest(citizen_id=person.citizen_id)
        found = clients.call(clients.registry.GetResidenceHistory, request, clients.auditor)
        assert [r.ended_on for r in found.registrations] == ["2019-01-10"]
    clients.close()
    assert_names_nobody(written.read_text(), file)
    assert_names_nobody((fresh_cluster.folder / "registry.log").read_text(), file)


def assert_names_nobody(text: str, file: File) -> None:
    for person in file.persons:
        assert person.citizen_id not in text
        assert person.phone not in text


def test_a_registry_that_is_killed_is_waited_for(fresh_cluster, tmp_path, rng):
    file = generate(tmp_path / "all.csv", rng, ROWS)
    process = started(fresh_cluster, file)
    written = Path(f"{file.path}.report.jsonl")
    for part in (4, 2):
        while process.poll() is None:
            if written.exists() and written.read_bytes().count(b"\n") >= ROWS // part:
                break
            time.sleep(0.005)
        assert process.poll() is None, "it ended before the registry was killed"
        fresh_cluster.kill("registry")
        fresh_cluster.restart("registry")
    output, error = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 2, error
    assert json.loads(output)["rows"] == len(file.expected)
    assert_reported(file)
    clients = Clients(fresh_cluster)
    assert len(all_permits(clients)) == len(file.persons)
    clients.close()


def test_a_mended_file_goes_on_from_a_line(cluster, tmp_path, rng):
    file = generate(tmp_path / "all.csv", rng, 20, bad=False)
    lines = file.path.read_bytes().splitlines(keepends=True)
    first = File(tmp_path / "all.csv")
    first.path.write_bytes(b"".join(lines[:10]))
    assert run(cluster, first)[1]["rows"] == 8
    file.path.write_bytes(b"".join(lines))
    code, summary, _ = run(cluster, file, "--from-line", "11")
    assert (code, summary["rows"], summary["imported"]) == (0, 12, 12)
    assert_reported(file)


def stopped(cluster, path: Path, *more: str) -> tuple[int, str]:
    process = started(cluster, File(path), *more)
    _, error = process.communicate(timeout=60)
    return process.returncode, error


def test_a_header_that_is_wrong_sends_nothing(cluster, tmp_path):
    path = tmp_path / "wrong.csv"
    path.write_text("record,citizen_id,citizen_id,colour\n")
    code, error = stopped(cluster, path)
    assert code == 64
    for part in ("unknown columns: colour", "lacks columns: name", "has twice: citizen_id"):
        assert part in error
    assert not Path(f"{path}.report.jsonl").exists()
    code, error = stopped(cluster, tmp_path / "nowhere.csv")
    assert code == 64
    assert "nowhere.csv" in error


def test_who_may_not_import_is_stopped_at_once(cluster, clients, tmp_path, rng):
    file = generate(tmp_path / "all.csv", rng, 20, bad=False)
    token = clients.signer.token("integrator", "zhelibanapp")
    code, error = stopped(cluster, file.path, "--token", token)
    assert code == 1
    assert "stopped at line 2" in error
    assert "CALLER_NOT_ALLOWED" in error
