"""PostgreSQL's rows of the area `storage`: our store beside pgbench, on one server (README.md)."""
import contextlib
import glob
import json
import os
import re
import statistics
import subprocess
import tempfile
import time

from machine import BUILD, HERE, RUNS, RUN_SECONDS, say

SCRIPT = os.path.join(HERE, "..", "..", "Tools", "dev", "postgres.sh")
RUN_SECONDS_MAX = 60.0
THREADS = os.cpu_count() or 1
TRIES_MAX = 10
# 19 digits from the first write on, so that a number needs no padding while it is written.
NUMBERS_FROM = 10**18
# Of these bounds every number has 16 hexadecimal digits.
HEX_16 = (2**60, 2**63 - 2)


class Server:
    """A server to throw away; each run has a database of its own."""

    def __init__(self, folder):
        self.folder = os.path.join(folder, "postgres")
        self.made = 0

    def script(self, *arguments):
        subprocess.run([SCRIPT, arguments[0], self.folder, *arguments[1:]], check=True)

    def database(self):
        self.made += 1
        name = "bench_" + "".join(chr(ord("a") + int(digit)) for digit in str(self.made))
        self.script("database", name)
        return name

    def port(self):
        with open(os.path.join(self.folder, "port"), encoding="ascii") as file:
            return file.read().strip()

    def password(self):
        with open(os.path.join(self.folder, "password"), encoding="ascii") as file:
            return file.readline().strip()

    def cpu_seconds(self):
        """The processor time of all of its connections that have ended."""
        with open(os.path.join(self.folder, "data", "postmaster.pid"), encoding="ascii") as file:
            first = int(file.readline())
        deadline = time.monotonic() + RUN_SECONDS_MAX
        while self.connections(first):
            if time.monotonic() > deadline:
                raise RuntimeError("the server's connections did not end")
            time.sleep(0.01)
        with open(f"/proc/{first}/stat", encoding="ascii") as file:
            # After the name in brackets; the 14th and 15th field: of children that were waited for.
            fields = file.read().rpartition(")")[2].split()
        return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")

    @staticmethod
    def connections(first):
        """How many of its processes serve a client."""
        with open(f"/proc/{first}/task/{first}/children", encoding="ascii") as file:
            children = file.read().split()
        count = 0
        for child in children:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                with open(f"/proc/{child}/cmdline", "rb") as file:
                    said = file.read()
                    # One that says nothing has ended, and its time is not yet counted.
                    count += not said or b"127.0.0.1(" in said
        return count


@contextlib.contextmanager
def a_server():
    # Of the machine's, as Debian's user of the server must be able to enter every folder above it.
    with tempfile.TemporaryDirectory(prefix="anju-bench-") as folder:
        os.chmod(folder, 0o711)
        server = Server(folder)
        server.script("start")
        try:
            yield server
        finally:
            server.script("remove")


def script_of(workload):
    """The writes of `rows.txt` as a script of pgbench's.

    Fixed values stand in the statements, which are parsed once; what is new for each write is made
    by pgbench (numbers) and put into its form by the server.
    """
    lines = [
        f"\\set number {NUMBERS_FROM} + :count * 1000 + :client_id", "\\set count :count + 1"]
    randoms, statements = [], []
    with open(workload, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith(": "):
                values = [value_of(word, randoms) for word in line[2:].split()]
                pieces = statements[-1].split("?")
                statements[-1] = pieces[0] + "".join(
                    value + piece for value, piece in zip(values, pieces[1:], strict=True))
            elif line and line[0] not in "#!":
                statements.append(line)
    for name, (low, high) in randoms:
        lines.append(f"\\set {name} random({low}, {high})")
    lines += ["BEGIN ISOLATION LEVEL SERIALIZABLE;", *(each + ";" for each in statements), "COMMIT;"]
    return "\n".join(lines) + "\n"


def value_of(word, randoms):
    """The SQL of one value; what it needs at random joins `randoms`."""
    kind, _, rest = word.partition(":")

    def drawn(count, bounds, form):
        names = [f"r{len(randoms) + index}" for index in range(count)]
        randoms.extend((name, bounds) for name in names)
        return "(" + " || ".join(form.format(name) for name in names) + ")"

    if kind == "id":
        return f"({text(rest + '0' * (26 - len(str(NUMBERS_FROM))))} || :number::BIGINT::TEXT)"
    if kind == "random":
        return drawn(int(rest) // 8, (0, 2**63 - 2), "int8send(:{}::BIGINT)")
    if kind == "hex":
        return drawn(int(rest) // 16, HEX_16, "to_hex(:{}::BIGINT)")
    fixed = {
        "now": lambda: "(1700000000000 + :count::BIGINT)", "null": lambda: "NULL",
        "text": lambda: text(rest), "int": lambda: rest,
        "bytes": lambda: "'\\x" + "5a" * int(rest) + "'::BYTEA"}
    return fixed[kind]()


def text(content):
    """A literal without a colon, which pgbench would take for the beginning of a variable."""
    return "E'" + content.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a") + "'"


def ours(server, program, workload, clients):
    place = f"postgres:{server.folder}:{server.database()}"
    return json.loads(subprocess.run(
        [program, place, workload, "callers", str(clients), str(RUN_SECONDS)], check=True,
        stdout=subprocess.PIPE, timeout=RUN_SECONDS_MAX).stdout)


def peer(server, program, workload, clients):
    """What pgbench says, on tables that our migrations made, and the processor time it had."""
    database = server.database()
    subprocess.run(
        [program, f"postgres:{server.folder}:{database}", workload, "make", "0", "0"], check=True)
    with tempfile.NamedTemporaryFile("w", suffix=".sql", dir=BUILD) as file:
        file.write(script_of(workload))
        file.flush()
        command = [
            pgbench(), "--no-vacuum", "--protocol=prepared", f"--max-tries={TRIES_MAX}",
            f"--client={clients}", f"--jobs={min(clients, THREADS)}",
            f"--time={round(RUN_SECONDS)}", f"--file={file.name}", "--define=count=0",
            "--host=127.0.0.1", f"--port={server.port()}", "--username=anju", database]
        before = os.times()
        run = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, text=True, timeout=RUN_SECONDS_MAX,
            env=os.environ | {"PGPASSWORD": server.password()}, stderr=subprocess.PIPE)
        after = os.times()
    cpu_seconds = (after.children_user + after.children_system
                   - before.children_user - before.children_system)
    return read_pgbench(run.stdout, cpu_seconds)


def read_pgbench(said, cpu_seconds):
    def number(pattern):
        return float(re.search(pattern, said).group(1))

    count = number(r"transactions actually processed: (\d+)")
    if not count or number(r"failed transactions: (\d+)"):
        raise RuntimeError(f"pgbench failed: {said}")
    return {
        "per_second": number(r"tps = ([\d.]+)"), "cpu_us": cpu_seconds * 1e6 / count,
        "reruns": number(r"total number of retries: (\d+)")}


def pgbench():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin/pgbench"))
    if not found:
        raise RuntimeError("there is no pgbench here; apt-get install postgresql-15")
    return found[-1]


def measure(rows, program, workload):
    """The values of each row with `clients` and of its peer; beside them what a write costs."""
    values, figures = {}, []
    with a_server() as server:
        for row in rows:
            clients = row["run"]["clients"]
            found = {"ours": [], row["peer"]: []}
            for number in range(RUNS):
                for name, measure_once in (("ours", ours), (row["peer"], peer)):
                    found[name].append(
                        with_server_cpu(server, measure_once, program, workload, clients))
                    say(f"  {clients} clients, {name}, run {number + 1} of {RUNS}: " + ", ".join(
                        f"{key} {value:.1f}" for key, value in found[name][-1].items()))
            values[row["name"]] = tuple(
                [each["per_second"] for each in runs] for runs in found.values())
            figures += [medians(row, name, runs) for name, runs in found.items()]
    return values, figures


def with_server_cpu(server, measure_once, program, workload, clients):
    """One run, and what it cost the server's connections: its warm-up and tables are small."""
    before = server.cpu_seconds()
    found = measure_once(server, program, workload, clients)
    server_seconds = server.cpu_seconds() - before
    return {
        "per_second": found["per_second"], "cpu_us": found["cpu_us"], "reruns": found["reruns"],
        "server_cpu_us": server_seconds * 1e6 / (found["per_second"] * RUN_SECONDS)}


def medians(row, name, runs):
    figures = {"row": row["name"], "of": name}
    for key in runs[0]:
        figures[key] = round(statistics.median(each[key] for each in runs), 2)
    return figures
