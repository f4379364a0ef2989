"""`anju-load` against running services, and against a server that stalls."""

import concurrent.futures
import datetime
import json
import os
import re
import subprocess
import time
from pathlib import Path

import grpc
import pytest

import people
from cluster import SERVICES, Cluster, free_port
from conftest import stopping
from stubs import ROOT, pb
from walk import BUREAU, RESIDENCE, identity

BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug")).resolve()
RUN_SECONDS_MAX = 240
# The first of the ports of `./dev load`, below those that the kernel gives to connections.
PORT = 23051
HELD, BROKEN, NOT_MEASURED, NOT_BEGUN = 0, 1, 2, 3


def load(*arguments: str, cluster: Cluster | None = None):
    """Runs `anju-load`; with a cluster against its services."""
    command = [str(BIN / "anju-load"), *map(str, arguments)]
    if arguments[0] in ("run", "knee") and "--lag-ms" not in arguments:
        # Other tests may keep the machine busy: then arrivals leave late, and count from when they should.
        command += ["--lag-ms", "5000"]
    if cluster:
        command += ["--keys", str(cluster.keys)]
        for service in SERVICES:
            command += [f"--{service}", cluster.addresses(service)]
            command += [f"--{service}-metrics", f"127.0.0.1:{cluster.admin_ports[service]}"]
    return subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, timeout=RUN_SECONDS_MAX
    )


def percentile_ms(operation: dict, share: float) -> float:
    """From the buckets of a result, without anybody's library."""
    latencies = operation["latencies"]
    left = share * sum(latencies["calls"])
    for start, calls in zip(latencies["from_us"], latencies["calls"]):
        left -= calls
        if left <= 0:
            return start / 1000
    return latencies["max_us"] / 1000


def operation(result: dict, name: str) -> dict:
    [found] = [found for found in result["operations"] if found["name"] == name]
    return found


@pytest.fixture
def loaded(tmp_path):
    """A system of its own: what is left of other tests would be judged too."""
    cluster = Cluster(tmp_path)
    with stopping(cluster):
        cluster.start_all()
        yield cluster


def test_whole_lives_end_in_permits_and_a_report(loaded, tmp_path):
    ran = load(
        *("run", "life", "--rate", "2", "--seconds", "4", "--out", tmp_path / "out"),
        *("--data", loaded.folder / "data", "--seed", "7"),
        cluster=loaded,
    )
    told = ran.stdout + ran.stderr
    result = json.loads((tmp_path / "out" / "life.json").read_text())
    # On a busy machine a debug build may miss a latency; all else must hold.
    assert ran.returncode in (HELD, BROKEN), told
    assert [check for check in result["invariants"] if not check["held"]] == []
    assert len(result["invariants"]) == 6
    rates = result["rates"]
    assert (rates["asked"], rates["begun"], rates["completed"]) == (8, 8, 8), told
    assert operation(result, "Approval.RecordOpinion (approve)")["begun"] == 8
    issued = [text for text in loaded.delivered() if "居住证" in json.dumps(text, ensure_ascii=False)]
    assert len(issued) >= 8
    assert re.search(r"1 s of 4: \d+/s begun of 2", ran.stderr)
    services = {cost["service"]: cost for cost in result["costs"]["services"]}
    assert set(services) == set(SERVICES)
    for cost in services.values():
        for figure in ("cpu_us", "memory_bytes_max", "fsyncs", "written_bytes", "rows"):
            assert cost[figure] > 0, (cost["service"], figure)
        assert cost["statements"] >= cost["rows"]
        assert cost["stored_bytes"] >= 0
        assert cost["calls_served"] > 0
    assert services["intake"]["calls_made"] > 0
    nearest = result["nearest_to_its_end"]
    assert re.match(r"Nearest to its end: .+, \d+ % busy", nearest), nearest
    assert nearest in ran.stdout
    page = (tmp_path / "out" / "life.html").read_text()
    assert "<svg" in page
    assert not re.search(r"(src|href)=|url\(|@import", page), "it fetches something"


def test_the_provinces_mix_and_its_bad_input(loaded, tmp_path):
    scenario = json.loads((ROOT / "Tools/AnjuLoad/Scenarios/province.json").read_text())
    scenario |= dict(stock=3, schedule=dict(kind="constant", rate_per_s=20, seconds=4), aims=[])
    for flow in scenario["flows"]:
        # Each as often as the others: all of them in a short time.
        flow["weight"] = 1
    path = tmp_path / "mix.json"
    path.write_text(json.dumps(scenario))
    ran = load("run", path, "--json", cluster=loaded)
    assert ran.returncode == HELD, ran.stdout[-2000:] + ran.stderr
    result = json.loads(ran.stdout)
    names = {found["name"] for found in result["operations"]}
    assert sum(name.startswith("refused: ") for name in names) == 4
    assert all(not found["errors"] for found in result["operations"])


def test_a_search_looks_at_all_that_the_stores_hold_once_it_is_over(loaded, tmp_path):
    ran = load(
        *("knee", "life", "--from", "1", "--to", "2", "--step", "1", "--seconds", "3"),
        *("--p99-ms", "20000", "--out", tmp_path / "out"),
        cluster=loaded,
    )
    told = ran.stdout + ran.stderr
    result = json.loads((tmp_path / "out" / "life-knee.json").read_text())
    assert ran.returncode == HELD, told
    assert len(result["invariants"]) == 6
    assert [check for check in result["invariants"] if not check["held"]] == []
    assert "Afterwards every invariant was held." in ran.stdout
    [log] = [check for check in result["invariants"] if "registry's log" in check["promise"]]
    # Two trials of six lives each are held at least.
    assert int(re.search(r"(\d+) permits proved", log["found"])[1]) > 6, log
    assert all(trial["nearest_to_its_end"] for trial in result["trials"])


def test_a_run_that_finds_something_broken_fails(loaded, rng):
    """A permit that nobody approved, as only the services themselves could make one."""
    registry = pb.registry_grpc.CertificateRegistryServiceStub(loaded.channel("registry"))
    request = pb.registry.IssuePermitRequest(
        idempotency_key="nobody-approved-this",
        application_id="nobodys-application",
        case_id="nobodys-case",
        holder=identity(people.make(rng)),
        residence=pb.model.Address(**RESIDENCE),
        phone="13800000000",
        photo_sha256=bytes(32),
        bureau_code=BUREAU,
        issued_on=datetime.date.today().isoformat(),
        actor="officer:p1",
        actor_office=BUREAU,
        policy_version="zhejiang-1",
    )
    registry.IssuePermit(
        request, metadata=loaded.signer().caller("service", "approval"), timeout=30
    )
    ran = load("run", "life", "--rate", "1", "--seconds", "1", "--json", cluster=loaded)
    assert ran.returncode == BROKEN, ran.stdout + ran.stderr
    broken = [check for check in json.loads(ran.stdout)["invariants"] if not check["held"]]
    assert "As many permits as cases approved" in {check["promise"] for check in broken}


@pytest.mark.parametrize(
    ("place", "told"),
    [
        (("burst",), "unknown key burst"),
        (("schedule", "burst"), "unknown key burst"),
        (("flows", 0, "think_ms"), "unknown key think_ms"),
    ],
)
def test_an_unknown_key_is_refused(tmp_path, place, told):
    scenario = json.loads((ROOT / "Tools/AnjuLoad/Scenarios/life.json").read_text())
    part = scenario
    for key in place[:-1]:
        part = part[key]
    part[place[-1]] = 1
    path = tmp_path / "scenario.json"
    path.write_text(json.dumps(scenario))
    ran = load("run", path)
    assert ran.returncode == NOT_BEGUN
    assert told in ran.stderr
    assert str(path) in ran.stderr


def test_a_target_that_is_not_there_is_named(tmp_path):
    nowhere = f"127.0.0.1:{free_port()}"
    ran = load("run", "life", "--registry", nowhere, "--keys", tmp_path)
    assert ran.returncode == NOT_BEGUN
    assert f"registry is not there at {nowhere}" in ran.stderr
    assert ran.stdout == ""


def test_nobody_beyond_this_machine_is_loaded_by_accident(tmp_path):
    ran = load("run", "life", "--intake", "192.0.2.7:50051", "--keys", tmp_path)
    assert ran.returncode == 64
    assert "192.0.2.7:50051 is not on this machine" in ran.stderr
    assert "--allow-remote" in ran.stderr


class StallingRegistry(pb.registry_grpc.CertificateRegistryServiceServicer):
    """Answers at once, but for the first part of each period, in which nobody is answered."""

    period_s = 4.0
    stall_s = 0.4

    def RecordRegistration(self, request, context):
        since = time.monotonic() % self.period_s
        if since < self.stall_s:
            time.sleep(self.stall_s - since)
        return pb.registry.RecordRegistrationResponse()


@pytest.fixture(scope="module")
def stalling():
    """The address of such a registry."""
    server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=128))
    pb.registry_grpc.add_CertificateRegistryServiceServicer_to_server(StallingRegistry(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


@pytest.fixture
def registrations(tmp_path) -> Path:
    """One call, again and again."""
    path = tmp_path / "registrations.json"
    scenario = dict(
        name="registrations",
        summary="One call.",
        unit="registration",
        units="registrations",
        schedule=dict(kind="constant", rate_per_s=50, seconds=8),
        stock=0,
        platforms=1,
        flows=[dict(name="registration", weight=1, steps=["register"])],
        aims=[dict(percentile=98, latency_ms_max=200)],
        failed_per_million_max=0,
    )
    path.write_text(json.dumps(scenario))
    return path


def alone(address: str, keys: Path) -> list[str]:
    """Only a registry is there, and it is none of ours."""
    return ["--no-checks", "--no-costs", "--registry", address, "--keys", str(keys)]


def test_an_open_loop_shows_stalls_that_a_closed_one_hides(stalling, registrations, tmp_path):
    name = "Registry.RecordRegistration"
    ran = load("run", registrations, "--json", *alone(stalling, tmp_path))
    assert ran.returncode == BROKEN, ran.stdout + ran.stderr
    open_loop = operation(json.loads(ran.stdout), name)
    closed = load("run", registrations, "--json", "--closed", "1", *alone(stalling, tmp_path))
    assert closed.returncode == HELD, closed.stdout + closed.stderr
    closed_loop = operation(json.loads(closed.stdout), name)
    assert "A closed loop" in closed.stderr
    # A tenth of all arrivals meet a stall; of one caller's calls one in a hundred or more does.
    assert open_loop["begun"] == 400
    assert percentile_ms(open_loop, 0.99) > 300
    assert closed_loop["begun"] > 100
    assert percentile_ms(closed_loop, 0.98) < 200
    assert closed_loop["latencies"]["max_us"] > 250_000


def test_a_rate_that_the_generator_cannot_make_is_no_measurement(
    stalling, registrations, tmp_path
):
    ran = load(
        *("run", registrations, "--rate", "500000", "--seconds", "1", "--in-flight", "500"),
        *("--lag-ms", "10", "--out", tmp_path / "out"),
        *alone(stalling, tmp_path),
    )
    assert ran.returncode == NOT_MEASURED, ran.stdout + ran.stderr
    assert ran.stdout == ""
    assert "No measurement" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_arrivals_that_a_stall_leaves_no_room_for_are_not_held(stalling, registrations, tmp_path):
    """In a stall 80 come, of which 20 may wait: the generator is not to blame for the others."""
    ran = load(
        *("run", registrations, "--rate", "200", "--seconds", "4", "--in-flight", "20", "--json"),
        *alone(stalling, tmp_path),
    )
    assert ran.returncode == BROKEN, ran.stdout + ran.stderr
    rates = json.loads(ran.stdout)["rates"]
    assert rates["asked"] == 800 and rates["shed"] > 0
    assert rates["begun"] + rates["shed"] == 800
    assert "arrivals were not begun" in ran.stderr


def test_two_reports_are_compared(stalling, registrations, tmp_path):
    for folder in ("a", "b"):
        load(
            *("run", registrations, "--rate", "20", "--seconds", "2", "--out", tmp_path / folder),
            *alone(stalling, tmp_path),
        )
    files = [tmp_path / folder / "registrations.json" for folder in ("a", "b")]
    same = load("compare", files[0], files[0])
    assert same.returncode == 0, same.stdout + same.stderr
    assert "Registry.RecordRegistration" in same.stdout
    assert load("compare", files[0], files[1]).returncode in (0, 1)
    assert load("compare", files[0], registrations).returncode == 64


def test_the_knee_is_found_below_what_a_stalling_server_holds(stalling, registrations, tmp_path):
    ran = load(
        *("knee", registrations, "--from", "10", "--to", "20", "--step", "10", "--seconds", "4"),
        *("--out", tmp_path / "out"),
        *alone(stalling, tmp_path),
    )
    assert ran.returncode == BROKEN, ran.stdout + ran.stderr
    told = "Does not hold 10 registrations a second, the lowest rate that was tried."
    assert told in ran.stdout
    # No rate is decided by one trial.
    assert ran.stderr.count("10 a second: not held") == 2
    result = json.loads((tmp_path / "out" / "registrations-knee.json").read_text())
    assert (result.get("holds_per_s"), result["fails_per_s"], result["certain"]) == (None, 10, True)
    assert [trial["standing"] for trial in result["trials"]] == ["broken", "broken"]
    assert told in (tmp_path / "out" / "registrations-knee.html").read_text()


def test_the_knee_of_what_is_held_is_told(stalling, registrations, tmp_path):
    """Stalls of 400 ms are within a second."""
    ran = load(
        *("knee", registrations, "--from", "5", "--to", "10", "--step", "5", "--seconds", "3"),
        *("--p99-ms", "1000", "--json"),
        *alone(stalling, tmp_path),
    )
    assert ran.returncode == HELD, ran.stdout + ran.stderr
    result = json.loads(ran.stdout)
    assert result["holds_per_s"] == 10 and "fails_per_s" not in result
    assert [trial["per_s"] for trial in result["trials"]] == [5, 10, 10]


def test_a_search_that_cannot_be_is_refused_with_every_reason():
    ran = load("knee", "life", "--from", "20", "--to", "10", "--step", "0", "--trials", "0")
    assert ran.returncode == 64
    for told in ("must not be below the lowest", "step must be above 0", "trials must be from 1"):
        assert told in ran.stderr


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (("knee", "life", "--seconds", 0), "it asks for no call at all"),
        (("knee", "life", "--seconds", 4000), "seconds is 4000; it must be from 0 to 3600"),
        (("knee", "life", "--from", 0.01, "--seconds", 20), "it asks for no call at all"),
        (("knee", "life", "--to", 100_000, "--seconds", 3600), "calls; at most 100000000"),
        (("run", "life", "--rate", 1, "--seconds", 4000), "seconds is 4000"),
        (("run", "life", "--seconds", 0), "it asks for no call at all"),
        (("run", "morning", "--seconds", 5), "morning has no one rate"),
    ],
)
def test_a_load_that_cannot_be_is_refused_before_anything_is_asked(tmp_path, wrong, told):
    """No service is there, which would end it with `NOT_BEGUN`."""
    ran = load(*wrong, "--keys", tmp_path, "--registry", f"127.0.0.1:{free_port()}")
    assert ran.returncode == 64, ran.stderr
    assert told in ran.stderr
    assert "is not there" not in ran.stderr


def test_every_scenario_is_listed():
    ran = load("scenarios")
    assert ran.returncode == 0, ran.stdout
    listed = {line.partition(":")[0] for line in ran.stdout.splitlines()}
    assert {"life", "province", "reads", "bad"} <= listed


def test_dev_load_does_not_take_a_folder_with_other_persons(tmp_path):
    data = tmp_path / "system" / "data"
    data.mkdir(parents=True)
    stock = dict(holders=[], permits=2, persons=20, platforms=1, seed=7)
    (data / "populated.json").write_text(json.dumps(stock, separators=(",", ":")))
    ran = subprocess.run(
        ["./dev", "load", "--folder", str(data.parent), "--persons", "30"],
        cwd=ROOT,
        env={**os.environ, "ANJU_BIN": str(BIN)},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
    )
    assert ran.returncode == 1
    assert f"{data.parent} was populated with 20 persons, not 30" in ran.stderr
    assert [path.name for path in data.iterdir()] == ["populated.json"]


def test_dev_load_loads_a_fresh_system(tmp_path):
    """The README's command, for two seconds, on the debug executables."""
    settings = f"--rate 1 --seconds 2 --lag-ms 5000 --port {PORT} --out".split()
    ran = subprocess.run(
        ["./dev", "load", *settings, str(tmp_path / "out")],
        cwd=ROOT,
        env={**os.environ, "ANJU_BIN": str(BIN)},
        capture_output=True,
        text=True,
        timeout=RUN_SECONDS_MAX,
    )
    told = ran.stdout[-3000:] + ran.stderr[-3000:]
    result = json.loads((tmp_path / "out" / "life.json").read_text())
    assert result["rates"]["completed"] == 2, told
    assert [check for check in result["invariants"] if not check["held"]] == [], told
    assert "is as it was witnessed" in ran.stdout, told
    assert ran.returncode in (HELD, BROKEN), told
