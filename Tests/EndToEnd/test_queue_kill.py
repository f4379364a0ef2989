"""The message queue is killed under load, again and again: every message that was accepted comes to an
end, and none vanishes."""

import os
import random
import threading
import time
from collections import Counter

import grpc
import pytest

from cluster import Cluster
from conftest import stopping
from stubs import pb
from walk import Clients

KILLS = 200 if os.environ.get("ANJU_LONG") == "1" else 20
CALL_SECONDS_MAX = 5
END_SECONDS_MAX = 120
BATCH = 20
# A faster machine must not leave more to be done at the end than its time allows.
BATCHES_A_KILL = 3
ENDS = {
    pb.notification.MESSAGE_STATE_DELIVERED,
    pb.notification.MESSAGE_STATE_DEAD,
    pb.notification.MESSAGE_STATE_CANCELLED,
    pb.notification.MESSAGE_STATE_EXPIRED,
}


class Sender(threading.Thread):
    """Enqueues batches, each until it is answered, and cancels and schedules some messages."""

    def __init__(self, clients: Clients, seed: str, kills: list[float], done: threading.Event):
        super().__init__()
        self.clients = clients
        self.caller = clients.signer.caller("service", "registry")
        self.rng = random.Random(seed)
        self.name = seed
        self.kills = kills
        self.done = done
        self.accepted: dict[str, str] = {}
        self.cancelled: set[str] = set()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            number = 0
            while not self.done.is_set():
                if number >= BATCHES_A_KILL * (1 + len(self.kills)):
                    time.sleep(0.01)
                    continue
                self.batch(number)
                number += 1
        except BaseException as failure:  # told to the test, which raises it
            self.failure = failure

    def batch(self, number: int) -> None:
        now = int(time.time() * 1000)
        messages = []
        for index in range(BATCH):
            stale = self.rng.random() < 0.1
            messages.append(
                pb.notification.BatchMessage(
                    message_key=f"kill-{self.name}-{number:05}-{index:03}",
                    template_id="loss_withdrawn",
                    values=[pb.notification.TemplateValue(name="name", value="王*")],
                    phone=f"13{self.rng.randrange(10**9):09}",
                    reference=f"kill-{self.name}-{number}",
                    not_before_ms=now + self.rng.choice([0, 500, 2_000]),
                    # Of some the time is over before anybody looks.
                    not_after_ms=now + 2_001 if stale else 0,
                )
            )
        request = pb.notification.EnqueueBatchRequest(
            idempotency_key=f"batch-{self.name}-{number:08}", messages=messages
        )
        results = self.until_answered(self.clients.notification.EnqueueBatch, request).results
        for message, result in zip(messages, results, strict=True):
            if not result.message_id:
                # The service was away for so long that its time was over when it was heard.
                assert message.not_after_ms, result.defects
                assert {defect.reason for defect in result.defects} == {"INSTANT_TOO_EARLY"}
                continue
            assert self.accepted.setdefault(message.message_key, result.message_id) == result.message_id
        queued = [message for message, result in zip(messages, results) if result.message_id]
        key = self.rng.choice(queued).message_key
        cancel = pb.notification.CancelMessageRequest(
            idempotency_key=f"cancel-{self.name}-{number:08}", message_key=key
        )
        answer = self.until_answered(self.clients.notification.CancelMessage, cancel)
        if answer.cancelled:
            self.cancelled.add(answer.message_id)

    def until_answered(self, method, request):
        """The same call again, as a caller does whose answer was lost."""
        while True:
            try:
                return method(request, metadata=self.caller, timeout=CALL_SECONDS_MAX)
            except grpc.RpcError as error:
                if error.code() not in (
                    grpc.StatusCode.UNAVAILABLE,
                    grpc.StatusCode.DEADLINE_EXCEEDED,
                    grpc.StatusCode.CANCELLED,
                ):
                    raise
                time.sleep(0.02)


def all_messages(clients: Clients) -> list:
    messages, token = [], ""
    while True:
        request = pb.notification.ListMessagesRequest(page=pb.model.Page(size=500, token=token))
        answer = clients.call(clients.notification.ListMessages, request, clients.auditor)
        messages += answer.messages
        token = answer.next_page_token
        if not token:
            return messages


@pytest.fixture
def alone(tmp_path):
    cluster = Cluster(tmp_path)
    with stopping(cluster):
        cluster.start("notification")
        cluster.wait_ready("notification")
        yield cluster


def test_every_message_comes_to_an_end(alone):
    seed = os.environ.get("ANJU_SEED", "1")
    print(f"ANJU_SEED={seed}")
    rng = random.Random(seed)
    clients = Clients(alone)
    kills, done = [], threading.Event()
    senders = [Sender(clients, f"{seed}-{number}", kills, done) for number in range(3)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        time.sleep(rng.uniform(0.1, 0.8))
        alone.kill("notification")
        kills.append(time.monotonic())
        alone.restart("notification")
        alone.wait_ready("notification")
    done.set()
    for sender in senders:
        sender.join()
        if sender.failure:
            raise sender.failure

    accepted = {key: value for sender in senders for key, value in sender.accepted.items()}
    assert len(accepted) >= KILLS * BATCH
    assert len(set(accepted.values())) == len(accepted)
    deadline = time.monotonic() + END_SECONDS_MAX
    while True:
        messages = {message.message_id: message for message in all_messages(clients)}
        waiting = [message for message in messages.values() if message.state not in ENDS]
        if not waiting:
            break
        assert time.monotonic() < deadline, f"{len(waiting)} messages have no end: {waiting[0]}"
        time.sleep(0.5)
    assert set(messages) == set(accepted.values()), "a message vanished, or came twice"

    lines = Counter(line["message_id"] for line in alone.delivered())
    assert set(lines.values()) <= {1}, "a text was delivered twice"
    states = {id: message.state for id, message in messages.items()}
    delivered = {id for id, state in states.items() if state == pb.notification.MESSAGE_STATE_DELIVERED}
    assert delivered <= set(lines), "what is called delivered was not"
    cancelled = {id for sender in senders for id in sender.cancelled}
    assert not cancelled & set(lines), "a text came that was called cancelled for certain"
    assert Counter(states.values())[pb.notification.MESSAGE_STATE_EXPIRED] > 0
    counted = clients.call(
        clients.notification.GetQueueStatistics,
        pb.notification.GetQueueStatisticsRequest(),
        clients.auditor,
    )
    assert {count.state: count.messages for count in counted.counts} == Counter(states.values())
    clients.close()
