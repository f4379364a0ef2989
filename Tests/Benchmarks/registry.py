"""The area `registry`: the certificate registry alone, as a process with the settings services get,
beside `openssl speed` and the bare loop in C; small and with many permits (see README.md)."""
import contextlib
import datetime
import json
import os
import re
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import storage
from machine import BUILD, HERE, RELEASE, RUNS, cpu_seconds, resident_bytes, say, swift_build

ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "Tests", "EndToEnd"))
import tokens  # noqa: E402
from cluster import Cluster  # noqa: E402

LOAD = os.path.join(RELEASE, "anju-bench-registry")
CLOCK_AHEAD = os.path.join(BUILD, "clock-ahead.so")
FEW = 10_000
# So many are `many`.
MANY = int(os.environ.get("ANJU_BENCH_PERMITS", "1000000"))
CALLERS = 64
LOOKS_PER_SECOND = 200
LOOK_SECONDS = 10
# A permit of so many days ago is still in force, and three days later it is not.
DAYS_AGO, DAYS_ON = 364, 3
SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
SUSPENSION_SECONDS_MAX = 1800
# A write of the bare loop is four rows, as is a suspension: permit, history, text, entry of the log.
BATCH = 256


def build(_):
    say("building the registry, its load (release) and the bare loop in C")
    swift_build("CertificateRegistryServer", package=ROOT)
    swift_build("anju-bench-registry")
    storage.build(None)
    subprocess.run(
        ["cc", "-O2", "-shared", "-fPIC", "-o", CLOCK_AHEAD,
         os.path.join(HERE, "bare", "clock_ahead.c"), "-ldl"], check=True)


class Registry(Cluster):
    """The registry as a process; its texts wait in its outbox. `days` set its clock forward."""

    def __init__(self, folder, days=0):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.names = ["registry"]
        self.days = days
        self.issued = os.path.join(folder, "issued.txt")

    def environment(self, name):
        if self.days == 0:
            return super().environment(name)
        return super().environment(name) | {
            "LD_PRELOAD": CLOCK_AHEAD, "ANJU_CLOCK_AHEAD": str(self.days * 86_400)}

    @property
    def pid(self):
        return self.processes["registry"].pid

    @property
    def file(self):
        return str(self.folder / "data" / "registry.db")

    def token(self, kind, subject, **claims):
        issued = int(time.time()) + self.days * 86_400
        return self.signer().token(kind, subject, iat=issued, exp=issued + 4 * 3600, **claims)

    def load(self, token, *arguments):
        command = [LOAD, str(self.ports["registry"]), self.issued, *map(str, arguments)]
        said = subprocess.run(
            command, check=True, stdout=subprocess.PIPE,
            env=os.environ | {"ANJU_BENCH_TOKEN": token})
        return json.loads(said.stdout)

    def issue(self, first, count):
        """Issues so many permits; the client's figures, and the server's processor time for one."""
        day = datetime.datetime.now(SHANGHAI).date() - datetime.timedelta(days=DAYS_AGO)
        before = cpu_seconds(self.pid)
        found = self.load(self.token("service", "approval"), "issue", first, count, CALLERS, day)
        found["cpu_us"] = (cpu_seconds(self.pid) - before) * 1e6 / count
        return found

    def get(self):
        officer = self.token("officer", "police1", role="approve", office="330106000000")
        return self.load(officer, "get", LOOKS_PER_SECOND, LOOK_SECONDS)

    def verify(self, expected="valid"):
        school = self.token("integrator", "school")
        return self.load(school, "verify", LOOKS_PER_SECOND, LOOK_SECONDS, expected)

    def stop(self):
        self.stop_all()

    def bytes_on_disk(self):
        folder = self.folder / "data"
        return sum(each.stat().st_size for each in folder.glob("registry.db*"))


@contextlib.contextmanager
def running(registry):
    registry.start("registry")
    try:
        registry.wait_ready("registry")
        yield registry
    finally:
        registry.stop()


def sm2_signatures():
    """What openssl signs a second, on every processor at once."""
    said = subprocess.run(
        ["openssl", "speed", "-seconds", "1", "-multi", str(os.cpu_count()), "sm2"], check=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True).stdout
    return float(re.search(r"SM2.*s\s+([\d.]+)\s+[\d.]+\s*$", said, re.MULTILINE).group(1))


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    wanted = {row["run"]["what"] for row in rows}
    found, figures = {}, []
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        with running(Registry(folder)) as registry:
            found["issuing"] = issuing(registry)
            looks = {"few": at_rest(registry, FEW, figures)}
            if wanted - {"issuing"}:
                fill(registry, FEW, MANY, figures)
                looks["many"] = at_rest(registry, MANY, figures)
        for method in ("get", "verify") if "many" in looks else ():
            found[method] = tuple(
                [each["p99_ms"] for each in looks[count][method]] for count in ("many", "few"))
        if wanted & {"suspending", "verify_beside"}:
            took, beside = suspend(Registry(folder, DAYS_ON), figures)
            # A million in five minutes, however many there are here.
            found["suspending"] = ([MANY / took], [storage.loop_in_c(BATCH)])
            found["verify_beside"] = (beside, found["verify"][0])
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures


def issuing(registry):
    """Permits a second beside openssl's signatures, in turn; FEW permits are there after it."""
    ours, peers = [], []
    warm_up = FEW // 10
    registry.issue(0, warm_up)
    each = (FEW - warm_up) // RUNS
    for number in range(RUNS):
        run = registry.issue(warm_up + number * each, each)
        ours.append(run["per_second"])
        peers.append(sm2_signatures())
        say(f"  issuing, run {number + 1} of {RUNS}: {ours[-1]:.0f}/s, {run['cpu_us']:.0f} us of the "
            f"server each, p99 {run['p99_ms']:.0f} ms; openssl {peers[-1]:.0f} signatures/s")
    return ours, peers


def fill(registry, first, last, figures):
    found = registry.issue(first, last - first)
    figures.append({
        "loaded": found["count"], "seconds": round(found["seconds"], 1),
        "permits/s": round(found["per_second"]), "us of the server": round(found["cpu_us"]),
        "p50 ms": round(found["p50_ms"], 1), "p99 ms": round(found["p99_ms"], 1)})


def at_rest(registry, permits, figures):
    """Looks at a fixed rate, with so many permits there."""
    looks = {"get": [], "verify": []}
    for _ in range(3):
        looks["get"].append(registry.get())
        looks["verify"].append(registry.verify())
    for method, runs in looks.items():
        figures.append(row_of_looks(f"{method}, {permits} permits", runs))
    figures.append({
        "permits": permits, "bytes each": round(registry.bytes_on_disk() / permits),
        "resident MB": round(resident_bytes(registry.pid) / 1e6, 1)})
    return looks


def row_of_looks(name, runs):
    middle = {key: statistics.median(each[key] for each in runs) for key in runs[0]}
    return {"looks": name, "a second": LOOKS_PER_SECOND, "p50 ms": round(middle["p50_ms"], 2),
            "p99 ms": round(middle["p99_ms"], 2), "p99.9 ms": round(middle["p999_ms"], 2)}


def suspend(registry, figures):
    """All permits fall due at once, and are verified from the first second; how long until every
    suspension is written, has its text owed and its leaf, and the looks' p99 meanwhile."""
    with running(registry):
        began, before = time.monotonic(), cpu_seconds(registry.pid)
        runs = []
        while True:
            runs.append(registry.verify("suspended"))
            took = time.monotonic() - began
            if all_suspended(registry.file):
                break
            if took > SUSPENSION_SECONDS_MAX:
                raise TimeoutError(f"not all permits were suspended in {took:.0f} s")
        cpu = cpu_seconds(registry.pid) - before
        figures.append(row_of_looks("verify, while suspending", runs))
        figures.append({
            "suspended": MANY, "in seconds": round(took, 1), "us of the server": round(cpu * 1e6 / MANY),
            "resident MB": round(resident_bytes(registry.pid) / 1e6, 1)})
        return took, [each["p99_ms"] for each in runs]


def all_suspended(file):
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        def there_is(what):
            return database.execute(f"SELECT 1 FROM {what} LIMIT 1").fetchone()

        return not (
            there_is("permit WHERE cancelled_at IS NULL AND suspension_noted_from IS NULL")
            or there_is("log_entry WHERE leaf_index IS NULL"))
