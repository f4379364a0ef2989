"""Load by nghttp2's h2load, and what it says."""
import os
import re
import subprocess
import tempfile

from machine import cpu_seconds, resident_bytes

CONNECTIONS = 4
STREAMS = 32
# A run that takes so much longer than asked for has hung.
GRACE_SECONDS = 20.0


class LoadError(Exception):
    """A load whose answers were not what they had to be."""


def frame(message):
    """The message as the body of a gRPC call."""
    return b"\0" + len(message).to_bytes(4, "big") + message


def echo_message(count):
    """An EchoMessage of `count` bytes, a text of ASCII letters."""
    for length in range(count - 2, 0, -1):
        size, varint = length, bytearray()
        while size > 0x7F:
            varint.append(size & 0x7F | 0x80)
            size >>= 7
        varint.append(size)
        message = b"\x0a" + bytes(varint) + b"a" * length
        if len(message) == count:
            return message
    raise ValueError(f"no message has {count} bytes")


def command(uri, body, seconds, log):
    arguments = [
        "h2load", "--threads=1", f"--clients={CONNECTIONS}", f"--max-concurrent-streams={STREAMS}",
        f"--duration={round(seconds * 1000)}ms", f"--data={body}", f"--log-file={log}"]
    headers = ["te: trailers", "content-type: application/grpc", "grpc-timeout: 10S",
               "x-request-id: bench"]
    return arguments + [f"--header={header}" for header in headers] + [uri]


def latencies_us(log):
    """How long each call took, ascending."""
    with open(log, encoding="ascii") as file:
        return sorted(int(line.rsplit("\t", 1)[1]) for line in file)


def quantile(ascending, part):
    return ascending[min(len(ascending) - 1, int(len(ascending) * part))] if ascending else 0


def load(server, method, message, answers, seconds):
    """Calls `method` of a server for some seconds; each call must be answered by `answers` messages
    as long as the request. Returns the server's figures of that time: messages a second, the
    server's processor time for one, how long calls took, its memory after."""
    with tempfile.TemporaryDirectory() as folder:
        body, log = os.path.join(folder, "body"), os.path.join(folder, "log")
        with open(body, "wb") as file:
            file.write(frame(message))
        before = cpu_seconds(server.pid)
        said = subprocess.run(
            command(server.uri(method), body, seconds, log), check=True, stdout=subprocess.PIPE,
            timeout=seconds + GRACE_SECONDS, text=True).stdout
        cpu = cpu_seconds(server.pid) - before
        latencies = latencies_us(log)
    messages = check(said, len(message) + 5, answers)
    return {
        "rate": messages / seconds, "cpu_us": cpu * 1e6 / messages,
        "per_cpu_second": messages / cpu, "p50_us": quantile(latencies, 0.5),
        "p99_us": quantile(latencies, 0.99), "p999_us": quantile(latencies, 0.999),
        "rss_mb": resident_bytes(server.pid) / 1e6}


def check(said, frame_bytes, answers):
    """How many messages were received. h2load looks at HTTP's status only; so the bytes it received
    say whether every answer was there."""
    requests = re.search(
        r"requests: .* (\d+) done, (\d+) succeeded, (\d+) failed, (\d+) errored", said)
    data = re.search(r"\((\d+)\) data", said)
    if not (requests and data):
        raise LoadError(f"h2load said something unknown:\n{said}")
    done, succeeded, failed, errored = (int(number) for number in requests.groups())
    if done == 0 or failed or errored or succeeded != done:
        raise LoadError(f"calls failed:\n{said}")
    least = done * answers * frame_bytes
    # Calls that the end cut off have brought a part of theirs.
    most = least + CONNECTIONS * STREAMS * answers * frame_bytes
    received = int(data.group(1))
    if not least <= received <= most:
        raise LoadError(f"{least} to {most} bytes of answers were due:\n{said}")
    return received / frame_bytes
