"""Gateways to providers, with parts that are none of ours: Debian's Net::SMPP as the provider, and
`tshark`, which reads every byte."""

import hashlib
import json
import signal
import socket
import struct
import time

import pytest

from carriers import ACCOUNT, SECRET, Capture, Gateways, Lines, Simulator, gateway, plan
from cluster import Cluster, free_port
from stubs import ROOT, pb

# 200 characters, some of which are beyond the BMP and so two units of UTF-16.
RARE = "【浙江公安】" + "𬎆𠮷安居樂業" * 32 + "完"
assert len(RARE) >= 199


@pytest.fixture
def closing():
    """Whatever happens, no process outlives the test."""
    processes = []
    yield processes.append
    for process in processes:
        process.process.kill()
        process.process.wait()


def test_a_long_text_reaches_a_provider_that_is_none_of_ours(tmp_path, closing):
    port = free_port()
    peer = Lines("perl", str(ROOT / "Tests" / "EndToEnd" / "smsc.pl"), str(port), SECRET)
    closing(peer)
    assert peer.until(lambda line: True) == {"event": "ready"}
    capture = Capture(tmp_path, port)
    closing(capture)
    plan(
        tmp_path,
        gateway("peer", "smpp", port, ids="hex-then-decimal", idle_ms="1000"),
        "[routes]\n* = peer",
    )
    gateways = Gateways(tmp_path)
    closing(gateways)
    report = gateways.send_when_connected("M1", RARE)
    assert report["outcome"] == "submitted" and report["gateway"] == "peer"
    ids = report["ids"].split(",")
    text = peer.until(lambda line: line["event"] == "text")
    assert text["text"] == RARE
    assert text["to"] == "8613800138000"
    assert text["segments"] == len(ids) >= 3
    # The provider names each in hexadecimal first and in decimal then: the receipts are of these.
    receipts = gateways.receipts(len(ids))
    assert sorted(line["receipt"] for line in receipts) == sorted(ids)
    assert {line["state"] for line in receipts} == {"delivered"}
    # It is asked whether it is there, and told that we go.
    peer.until(lambda line: line["event"] == "enquire_link")
    assert gateways.end() == 0
    peer.until(lambda line: line["event"] == "unbind")
    heard = [line for line in peer.heard if '"submit"' in line or '"receipt taken"' in line]
    assert sum('"status":0' in line for line in heard) == len(ids)
    assert sum('"coding":8' in line for line in heard) == len(ids)
    capture.stop()
    assert capture.troubles("smpp") == []
    said = capture.read("smpp", "-T", "fields", "-e", "smpp.command_id").replace(",", "\n").split()
    assert {int(command, 16) for command in said} >= {
        0x9, 0x80000009, 0x4, 0x80000004, 0x5, 0x80000005, 0x15, 0x80000015, 0x6, 0x80000006,
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["smpp", "cmpp3"])
def test_tshark_reads_every_byte(tmp_path, closing, kind):
    """Its CMPP is 3.0, which has the fields of 2.0 in other widths."""
    port = free_port()
    simulator = Simulator(kind, tmp_path, port, "2 answer=error:11\n")
    closing(simulator)
    capture = Capture(tmp_path, port)
    closing(capture)
    more = {"version": "3.0"} if kind == "cmpp3" else {}
    protocol = "smpp" if kind == "smpp" else "cmpp"
    plan(
        tmp_path,
        gateway("mobile", protocol, port, idle_ms="1000", **more),
        "[routes]\n* = mobile",
    )
    gateways = Gateways(tmp_path)
    closing(gateways)
    assert gateways.send_when_connected("M1", "短")["outcome"] == "submitted"
    gateways.send("M2", "短")
    assert "refused" in gateways.report("M2")["outcome"]
    gateways.send("M3", RARE)
    ids = gateways.report("M3")["ids"].split(",")
    gateways.receipts(1 + len(ids))
    # Silence, so that each side is asked whether it is there.
    time.sleep(1.5)
    assert gateways.end() == 0
    assert [text["text"] for text in simulator.counts()["texts"]] == ["短", RARE]
    capture.stop()
    assert capture.troubles(protocol) == []
    field = "smpp.command_id" if kind == "smpp" else "cmpp.Command_Id"
    said = capture.read(protocol, "-T", "fields", "-e", field).replace(",", "\n").split()
    commands = {int(command, 0) for command in said}
    expected = {0x4, 0x80000004, 0x5, 0x80000005}
    expected |= {0x15, 0x80000015, 0x6, 0x9} if kind == "smpp" else {0x8, 0x80000008, 0x1, 0x2}
    assert commands >= expected


def test_cmpp_2_is_what_the_specification_says(tmp_path, closing):
    """No program of Debian's reads CMPP 2.0, so its fields are read here, by their offsets."""
    port = free_port()
    listener = socket.create_server(("127.0.0.1", port))
    listener.settimeout(30)
    plan(tmp_path, gateway("mobile", "cmpp", port, service="JZZ"), "[routes]\n* = mobile")
    gateways = Gateways(tmp_path)
    closing(gateways)
    with listener.accept()[0] as line:
        line.settimeout(30)

        def pdu() -> tuple[int, int, bytes]:
            head = line.recv(12, socket.MSG_WAITALL)
            length, command, sequence = struct.unpack(">III", head)
            return command, sequence, line.recv(length - 12, socket.MSG_WAITALL)

        def say(command: int, sequence: int, body: bytes) -> None:
            line.sendall(struct.pack(">III", 12 + len(body), command, sequence) + body)

        command, sequence, body = pdu()
        account, source, version, stamp = struct.unpack(">6s16sBI", body)
        assert (command, account.decode(), version) == (1, ACCOUNT, 0x20)
        clear = ACCOUNT.encode() + bytes(9) + SECRET.encode() + f"{stamp:010}".encode()
        assert source == hashlib.md5(clear).digest()
        proof = hashlib.md5(b"\0" + source + SECRET.encode()).digest()
        say(0x80000001, sequence, b"\0" + proof + b"\x20")
        text = "【浙江公安】您好"
        time.sleep(0.3)
        gateways.send("M1", text)
        command, sequence, body = pdu()
        fields = struct.unpack(">QBBBB10sB21sBBB6s2s6s17s17s21sB21sB", body[:139])
        names = [field.rstrip(b"\0") if isinstance(field, bytes) else field for field in fields]
        content = text.encode("utf-16-be")
        assert command == 4
        assert names == [
            0, 1, 1, 1, 0, b"JZZ", 2, b"", 0, 0, 8, ACCOUNT.encode(), b"01", b"000000", b"", b"",
            b"106900011", 1, b"13800138000", len(content),
        ]  # fmt: skip
        assert body[139:] == content + bytes(8)
        say(0x80000004, sequence, struct.pack(">QB", 0x0102030405060708, 0))
        assert gateways.report("M1")["ids"] == str(0x0102030405060708)
        report = struct.pack(
            ">Q7s10s10s21sI", 0x0102030405060708, b"UNDELIV", b"2603100900", b"2603100901",
            b"13800138000", 9,
        )  # fmt: skip
        say(
            5,
            77,
            struct.pack(">Q21s10sBBB21sBB", 5, b"106900011", b"", 0, 0, 0, b"13800138000", 1, 60)
            + report
            + bytes(8),
        )
        receipt = gateways.until(lambda said: "receipt" in said)
        assert (receipt["state"], receipt["code"]) == ("failed", "UNDELIV")
        assert pdu() == (0x80000005, 77, struct.pack(">QB", 5, 0))
        # Nonsense ends this connection, and the gateway comes again.
        line.sendall(struct.pack(">III", 5, 5, 5))
        assert line.recv(1) == b""
    with listener.accept()[0] as line:
        assert line.recv(8, socket.MSG_WAITALL)[4:] == b"\0\0\0\1"


class Load:
    """Messages at a steady rate, as the queue would send them: what was refused for now or never
    answered is sent again. Knows who took which message, and when."""

    RATE = 100

    def __init__(self, gateways: Gateways):
        self.gateways = gateways
        self.sent = 0
        self.again: list[str] = []
        # By message: when it was sent first, when it was taken, and by whom.
        self.taken: dict[str, tuple[float, float, str]] = {}
        self.first: dict[str, float] = {}
        self.unknown = 0

    def run(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.send(f"M{self.sent}")
            self.sent += 1
            self.listen()
            time.sleep(1 / self.RATE)

    def send(self, message: str) -> None:
        self.first.setdefault(message, time.monotonic())
        self.gateways.send(message, f"【浙江公安】{message}")

    def listen(self) -> None:
        for line in map(json.loads, self.gateways.waiting()):
            if "outcome" not in line:
                continue
            now = time.monotonic()
            if line["outcome"] == "submitted":
                self.taken[line["id"]] = (self.first[line["id"]], now, line["gateway"])
            else:
                assert "forGood" not in line["outcome"], line
                self.unknown += "unknown" in line["outcome"]
                self.again.append(line["id"])
        again, self.again = self.again, []
        for message in again:
            self.send(message)

    def finish(self) -> None:
        deadline = time.monotonic() + 30
        while len(self.taken) < self.sent:
            assert time.monotonic() < deadline, f"{self.sent - len(self.taken)} have no end"
            self.listen()
            time.sleep(0.02)

    def carriers(self, since: float, until: float) -> set[str]:
        """Who took the messages that were begun between two times."""
        return {who for begun, _, who in self.taken.values() if since <= begun < until}


@pytest.mark.parametrize("death", ["killed", "hanging"])
def test_traffic_leaves_a_provider_that_dies_and_comes_back(tmp_path, closing, death):
    ports = [free_port(), free_port()]
    simulators = [Simulator("smpp", tmp_path, ports[0]), Simulator("cmpp", tmp_path, ports[1])]
    for simulator in simulators:
        closing(simulator)
    answer_seconds, return_seconds = 0.5, 1.0
    plan(
        tmp_path,
        gateway("mobile", "smpp", ports[0], answer_ms="500", reconnect_ms_max="200"),
        gateway("telecom", "cmpp", ports[1], answer_ms="5000"),
        "[failover]\nerrors = 3\nreturn-ms = 1000\ntrials = 3",
        "[routes]\n* = mobile, telecom",
    )
    gateways = Gateways(tmp_path)
    closing(gateways)
    gateways.send_until_taken_by("mobile")
    load = Load(gateways)
    load.run(1.5)
    load.finish()
    counted = time.monotonic()
    before = [text["text"] for text in simulators[0].counts()["texts"]]
    load.run(0.5)
    died = time.monotonic()
    if death == "killed":
        simulators[0].kill()
    else:
        simulators[0].process.send_signal(signal.SIGSTOP)
    load.run(3)
    mended = time.monotonic()
    if death == "killed":
        simulators[0] = Simulator("smpp", tmp_path, ports[0])
        closing(simulators[0])
    else:
        simulators[0].process.send_signal(signal.SIGCONT)
    load.run(4)
    back = time.monotonic()
    load.run(1)
    load.finish()
    assert load.carriers(0, counted) == {"mobile"}
    # Within the stated time traffic has moved, and nobody waits for the dead one any more.
    moved = died + answer_seconds + 0.5
    assert load.carriers(moved, mended) == {"telecom"}
    waits = [taken - begun for begun, taken, _ in load.taken.values() if moved <= begun < mended]
    # Those on trial wait for its answer, as long as it is dead; where nobody listens not even those
    # do, but a busy machine may hold up as many.
    assert max(waits) < answer_seconds + 0.5
    assert sum(wait >= answer_seconds for wait in waits) <= 6
    # It is back after its rest and its trial.
    assert mended + return_seconds < back
    assert load.carriers(back, time.monotonic()) == {"mobile"}
    # Nothing is lost, and only what had no answer can be there twice.
    texts = [text["text"] for simulator in simulators for text in simulator.counts()["texts"]]
    lost = {f"【浙江公安】M{number}" for number in range(load.sent)} - set(texts)
    if death == "killed":
        # What it had taken went with it: what was counted before, and its last moments.
        lost -= set(before)
        lost -= {f"【浙江公安】{message}" for message, (_, taken, who) in load.taken.items()
                 if who == "mobile" and counted <= taken < mended}
    assert not lost
    assert len(texts) - len(set(texts)) <= load.unknown


def test_every_message_of_the_queue_is_delivered_though_a_provider_hangs(tmp_path, closing):
    ports = [free_port(), free_port()]
    slow = "1- delay-ms=50\n"
    simulators = [
        Simulator("smpp", tmp_path, ports[0], slow, "--two-kinds-of-ids"),
        Simulator("cmpp", tmp_path, ports[1], slow),
    ]
    for simulator in simulators:
        closing(simulator)
    plan(
        tmp_path,
        gateway("mobile", "smpp", ports[0], answer_ms="1000", ids="hex-then-decimal"),
        gateway("telecom", "cmpp", ports[1], answer_ms="5000"),
        "[failover]\nerrors = 3\nreturn-ms = 1000\ntrials = 3",
        "[routes]\n* = mobile, telecom",
    )
    cluster = Cluster(tmp_path, {"GATEWAY_FOLDER": str(tmp_path)})
    cluster.names = ["notification"]
    try:
        cluster.start_all()
        stub = pb.notification_grpc.NotificationServiceStub(cluster.channel("notification"))
        intake = cluster.signer().caller("service", "intake")
        auditor = cluster.signer().caller("auditor", "auditor1")
        for batch in range(10):
            stub.EnqueueBatch(
                pb.notification.EnqueueBatchRequest(
                    idempotency_key=f"carriers-batch-{batch:02}",
                    messages=[completed(batch * 100 + number) for number in range(100)],
                ),
                metadata=intake,
                timeout=30,
            )
        wait_until(lambda: simulators[0].counts()["taken"] >= 200)
        simulators[0].process.send_signal(signal.SIGSTOP)
        wait_until(lambda: simulators[1].counts()["taken"] >= 100)
        simulators[0].process.send_signal(signal.SIGCONT)

        def delivered() -> bool:
            request = pb.notification.GetQueueStatisticsRequest()
            counts = stub.GetQueueStatistics(request, metadata=auditor, timeout=30).counts
            state = pb.notification.MESSAGE_STATE_DELIVERED
            return sum(count.messages for count in counts if count.state == state) == 1_000

        wait_until(delivered)
        said = stub.GetQueueStatistics(
            pb.notification.GetQueueStatisticsRequest(), metadata=auditor, timeout=30
        )
    finally:
        cluster.stop_all()
    texts = [text["text"] for simulator in simulators for text in simulator.counts()["texts"]]
    assert len(set(texts)) == 1_000
    assert len(texts) - 1_000 <= said.possible_duplicates


def completed(number: int):
    values = {"name": "张*", "kind": "首次申领", "application": f"JZZ{number:04}"}
    return pb.notification.BatchMessage(
        message_key=f"carriers-message-{number:04}",
        template_id="application_completed",
        values=[
            pb.notification.TemplateValue(name=name, value=value) for name, value in values.items()
        ],
        phone=f"138{number:08}",
        reference="carriers",
    )


def wait_until(is_so) -> None:
    deadline = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < deadline, "it never became so"
        time.sleep(0.1)
