"""`anju-load populate`: stores that are filled before their services start, beside those that calls
fill."""

import json
import os
import signal
import subprocess

import pytest

import rows
from cluster import SERVICES, Cluster
from conftest import stopping
from postgres import Server
from stubs import ROOT, pb
from test_load import BIN, BROKEN, HELD, NOT_BEGUN, PORT, load, operation

POPULATE_SECONDS_MAX = 240
WRONG_OPTIONS = 64


def command(cluster: Cluster, *arguments) -> dict:
    """What starts `populate` with the settings that the cluster's services start with."""
    environment = {}
    for service in SERVICES:
        environment |= cluster.environment(service)
    words = [str(BIN / "anju-load"), "populate", *map(str, arguments)]
    return dict(args=words, env=environment, cwd=ROOT, text=True)


def populate(cluster: Cluster, *arguments):
    return subprocess.run(
        **command(cluster, *arguments), capture_output=True, timeout=POPULATE_SECONDS_MAX
    )


@pytest.fixture(params=["sqlite", "postgres"])
def server(request, tmp_path):
    """A PostgreSQL server with empty databases; None for SQLite."""
    if request.param == "sqlite":
        yield None
        return
    server = Server(tmp_path, SERVICES)
    yield server
    server.remove()


@pytest.fixture
def filled(tmp_path, server) -> Cluster:
    """Services that were never started, to be populated."""
    (tmp_path / "filled").mkdir()
    return Cluster(tmp_path / "filled", server.settings() if server else None)


@pytest.fixture
def holders(tmp_path):
    """A scenario that makes so many holders and then hardly does anything."""
    path = tmp_path / "holders.json"

    def write(stock: int):
        scenario = json.loads((ROOT / "Tools/AnjuLoad/Scenarios/province.json").read_text())
        scenario |= dict(
            stock=stock, platforms=1, aims=[],
            schedule=dict(kind="constant", rate_per_s=1, seconds=1),
            flows=[dict(name="guide", weight=1, steps=["guide"])],
        )
        path.write_text(json.dumps(scenario))
        return path

    return write


def test_its_rows_are_those_that_calls_leave(filled, server, holders, tmp_path):
    count = 6
    (tmp_path / "called").mkdir()
    called = Cluster(tmp_path / "called")
    with stopping(called):
        called.start_all()
        ran = load("run", holders(count), "--seed", "11", cluster=called)
        assert ran.returncode == HELD, ran.stdout + ran.stderr
    made = populate(
        filled, "--persons", count, "--permits", count, "--seed", 11, "--platforms", 1,
        "--past-days", 1,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    expected = rows.normal(rows.of_files(called.folder / "data", SERVICES))
    found = rows.normal(
        rows.of_server(server, SERVICES) if server
        else rows.of_files(filled.folder / "data", SERVICES)
    )
    assert set(found) == set(expected)
    assert len(expected["intake", "application"]) == count
    assert len(expected["notification", "message"]) == 5 * count
    assert [table for table in expected if found[table] != expected[table]] == []


def test_services_start_on_it_and_everything_holds(filled, tmp_path):
    made = populate(filled, "--persons", 300, "--permits", 100, "--seed", 5)
    assert made.returncode == 0, made.stdout + made.stderr
    stock = filled.folder / "data" / "populated.json"
    assert f"anju-load run SCENARIO --populated {stock}" in made.stdout
    assert "300 persons, 100 of them with a permit, need about" in made.stderr
    assert "are free there" in made.stderr
    scenario = json.loads((ROOT / "Tools/AnjuLoad/Scenarios/province.json").read_text())
    scenario |= dict(stock=40, schedule=dict(kind="constant", rate_per_s=20, seconds=5), aims=[])
    for flow in scenario["flows"]:
        # Each as often as the others: all of them in a short time.
        flow["weight"] = 1
    path = tmp_path / "mix.json"
    path.write_text(json.dumps(scenario))
    with stopping(filled):
        filled.start_all()
        ran = load("run", path, "--json", "--populated", stock, cluster=filled)
        assert ran.returncode == HELD, ran.stdout[-2000:] + ran.stderr
        assert "preparing" not in ran.stderr, "it made holders though there were some"
        result = json.loads(ran.stdout)
        assert result["scenario"]["persons_stored"] == 300
        assert [check for check in result["invariants"] if not check["held"]] == []
        lives = operation(result, "life")["begun"]
        assert lives > 0
        registry = pb.registry_grpc.CertificateRegistryServiceStub(filled.channel("registry"))
        answer = registry.FindPermits(
            pb.registry.FindPermitsRequest(page=pb.model.Page(size=500)),
            metadata=filled.signer().caller("auditor", "auditor"), timeout=30,
        )
        states = [permit.state for permit in answer.permits]
        suspended = states.count(pb.registry.PERMIT_STATE_SUSPENDED)
        valid = states.count(pb.registry.PERMIT_STATE_VALID)
        window = states.count(pb.registry.PERMIT_STATE_ENDORSEMENT_WINDOW)
        # The first 25 of 390 days lie more than a year back, and the next 31 are the window.
        assert 3 <= suspended <= 10 and 4 <= window <= 12
        assert suspended + window + valid == 100 + lives
        months = {permit.issued_on[:7] for permit in answer.permits}
        assert len(months) >= 13


def test_more_holders_than_there_are_are_not_made_up(filled, server, holders, tmp_path):
    if server:
        pytest.skip("it does not depend on the engine")
    made = populate(filled, "--persons", 10, "--permits", 2, "--past-days", 1)
    assert made.returncode == 0, made.stdout + made.stderr
    with stopping(filled):
        filled.start_all()
        stock = filled.folder / "data" / "populated.json"
        ran = load("run", holders(3), "--populated", stock, cluster=filled)
        assert ran.returncode == NOT_BEGUN, ran.stdout + ran.stderr
        assert "the scenario reads of 3 holders, and 2 of those" in ran.stderr
        ran = load("run", holders(2), "--populated", tmp_path / "holders.json", cluster=filled)
        assert ran.returncode == NOT_BEGUN, ran.stdout + ran.stderr
        assert "is not what anju-load populate writes" in ran.stderr


def test_what_is_there_is_left_alone(filled):
    assert populate(filled, "--persons", 2, "--past-days", 1).returncode == 0
    again = populate(filled, "--persons", 2, "--past-days", 1)
    assert again.returncode == NOT_BEGUN
    assert again.stderr.count("is there already: only stores that are still to be made") == 4


def test_who_was_cut_short_leaves_nothing_that_a_service_would_read(tmp_path):
    cluster = Cluster(tmp_path)
    process = subprocess.Popen(
        **command(cluster, "--persons", "5000", "--permits", "5000"),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )
    for line in process.stderr:
        if line.startswith("day "):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    unfinished = tmp_path / "data.populating"
    assert unfinished.is_dir() and not (tmp_path / "data").exists()
    again = populate(cluster, "--persons", 2)
    assert again.returncode == NOT_BEGUN
    assert f"{unfinished} is there" in again.stderr and "remove the folder" in again.stderr


def test_without_room_nothing_is_begun(tmp_path):
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", place], capture_output=True, text=True
    )
    if mounted.returncode != 0:
        pytest.skip(f"nothing can be mounted here: {mounted.stderr}")
    try:
        told = populate(Cluster(place), "--persons", 100000)
        assert told.returncode == NOT_BEGUN
        assert "100000 persons, 24000 of them with a permit, need about" in told.stderr
        assert "0.0 GB are free there" in told.stderr
        assert "that is too little" in told.stderr
        assert list(place.iterdir()) == []
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("--persons", 0), "--persons is 1 to 10000000"),
        (("--persons", 10_000_001), "--persons is 1 to 10000000"),
        (("--persons", 5, "--permits", 6), "--permits is 0 to as many as --persons"),
        (("--persons", 5, "--past-days", 391), "--past-days is 1 to 390"),
        (("--persons", 5, "--platforms", 0), "--platforms is 1 to 1000"),
    ],
)
def test_wrong_numbers_are_refused(tmp_path, wrong, told):
    ran = populate(Cluster(tmp_path), *wrong)
    assert ran.returncode == WRONG_OPTIONS
    assert told in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_dev_load_populates_a_system_that_stays_and_takes_it_again(tmp_path):
    """The README's command, for few persons and two seconds, on the debug executables."""
    settings = f"--scenario verification --rate 5 --seconds 2 --lag-ms 5000 --port {PORT}".split()
    scenario = json.loads((ROOT / "Tools/AnjuLoad/Scenarios/verification.json").read_text())
    told = []
    for number in (1, 2):
        out = tmp_path / f"out{number}"
        ran = subprocess.run(
            ["./dev", "load", *settings, "--out", str(out), "--folder", str(tmp_path / "system")]
            + ["--persons", str(10 * scenario["stock"])],
            cwd=ROOT, env={**os.environ, "ANJU_BIN": str(BIN)},
            capture_output=True, text=True, timeout=POPULATE_SECONDS_MAX,
        )
        told.append(ran.stdout[-3000:] + ran.stderr)
        assert ran.returncode in (HELD, BROKEN), told[-1]
        result = json.loads((out / "verification.json").read_text())
        assert result["scenario"]["persons_stored"] == 10 * scenario["stock"]
        assert [check for check in result["invariants"] if not check["held"]] == [], told[-1]
    assert "persons with permits" not in told[0] + told[1]
    assert ("are free there" in told[0], "are free there" in told[1]) == (True, False)
