"""The area `intake`: the intake service alone, as a process with the settings services get, beside `dd`
onto the same disk (see README.md)."""
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from machine import BUILD, HERE, RELEASE, RUNS, cpu_seconds, resident_bytes, say, swift_build

ROOT = os.path.normpath(os.path.join(HERE, "..", ".."))
sys.path.insert(0, os.path.join(ROOT, "Tests", "EndToEnd"))
from cluster import Cluster  # noqa: E402

LOAD = os.path.join(RELEASE, "anju-bench-intake")
MATERIAL_BYTES = 2 * 1024 * 1024
# So many materials a run, of 2 MiB each.
MATERIALS = int(os.environ.get("ANJU_BENCH_MATERIALS", "200"))
# A platform has at most 8 uploads at once.
CALLERS = 8


def build(_):
    say("building intake and its load (release)")
    swift_build("IntakeServer", package=ROOT)
    swift_build("anju-bench-intake")


class Intake(Cluster):
    """Intake as a process; drafts and uploads need none of its peers."""

    def __init__(self, folder):
        super().__init__(Path(folder))
        self.bin = Path(ROOT, ".build", "release")
        self.names = ["intake"]

    @property
    def pid(self):
        return self.processes["intake"].pid

    def upload(self, count, callers):
        """Uploads so many materials; the client's figures, the processor time of the server for each,
        and by how much its memory was larger meanwhile."""
        token = self.signer().token("integrator", "bench")
        forget_peak(self.pid)
        before, cpu = resident_bytes(self.pid), cpu_seconds(self.pid)
        said = subprocess.run(
            [LOAD, str(self.ports["intake"]), "upload", str(count), str(callers),
             str(MATERIAL_BYTES)],
            check=True, stdout=subprocess.PIPE, env=os.environ | {"ANJU_BENCH_TOKEN": token})
        found = json.loads(said.stdout)
        found["mb_per_second"] = found["per_second"] * MATERIAL_BYTES / 1e6
        found["cpu_ms"] = (cpu_seconds(self.pid) - cpu) * 1e3 / count
        found["grown_mb"] = max(0, peak_bytes(self.pid) - before) / 1e6
        return found


def forget_peak(pid):
    """From now on the kernel notes the highest resident memory anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def peak_bytes(pid):
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


@contextlib.contextmanager
def running(intake):
    intake.start("intake")
    try:
        intake.wait_ready("intake")
        yield intake
    finally:
        intake.stop_all()


def dd(folder, count):
    """Megabytes a second of as many bytes written to a file, and synchronised once at the end."""
    file = os.path.join(folder, "dd")
    said = subprocess.run(
        ["dd", "if=/dev/zero", f"of={file}", f"bs={MATERIAL_BYTES}", f"count={count}",
         "conv=fdatasync"],
        check=True, stderr=subprocess.PIPE, text=True, env=os.environ | {"LC_ALL": "C"}).stderr
    os.unlink(file)
    written, seconds = re.search(r"(\d+) bytes.*copied, ([\d.e-]+) s", said).groups()
    return int(written) / float(seconds) / 1e6


def measure(rows):
    """Each row's own values and its peer's; then what else was found."""
    speeds, peers, memory, figures = [], [], [], []
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="bench-") as folder:
        with running(Intake(folder)) as intake:
            # Until memory that is kept for the next upload is there.
            intake.upload(4 * CALLERS, CALLERS)
            for number in range(RUNS):
                run = intake.upload(MATERIALS, CALLERS)
                speeds.append(run["mb_per_second"])
                memory.append(run["grown_mb"] / CALLERS)
                peers.append(dd(folder, MATERIALS))
                say(f"  uploading, run {number + 1} of {RUNS}: {speeds[-1]:.0f} MB/s, "
                    f"{run['cpu_ms']:.1f} ms of the server each; dd {peers[-1]:.0f} MB/s")
                figures.append({
                    "uploads": run["count"], "seconds": round(run["seconds"], 1),
                    "p50 ms": round(run["p50_ms"], 1), "p99 ms": round(run["p99_ms"], 1),
                    "ms of the server": round(run["cpu_ms"], 2),
                    "grown MB": round(run["grown_mb"], 2),
                    "resident MB": round(resident_bytes(intake.pid) / 1e6, 1)})
    material = [MATERIAL_BYTES / 1e6] * RUNS
    found = {"upload": (speeds, peers), "upload_memory": (memory, material)}
    return {row["name"]: found[row["run"]["what"]] for row in rows}, figures
