"""What every area needs: where things are built, and how this machine is asked."""
import ctypes
import os
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, ".build")
RELEASE = os.path.join(BUILD, "release")
RUNS = 5
RUN_SECONDS = 2.0

LIBC = ctypes.CDLL(None, use_errno=True)


def say(text):
    print(text, file=sys.stderr, flush=True)


def swift_build(product, package=HERE):
    """Builds as `./dev build` does, but in the benchmarks' own folder."""
    subprocess.run(
        ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", package,
         "--product", product],
        check=True, stdout=sys.stderr)


def cpu_seconds(pid):
    """The processor time that a process has had, all its threads together, to the nanosecond."""
    clock = ctypes.c_int()
    error = LIBC.clock_getcpuclockid(pid, ctypes.byref(clock))
    if error != 0:
        raise OSError(error, os.strerror(error))
    return time.clock_gettime(clock.value)


def resident_bytes(pid):
    """The memory of a process that is resident now."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
