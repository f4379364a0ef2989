"""SIGTERM: whoever watches is sent elsewhere at once, and the drain need not wait for him."""

import random
import threading
import time

import grpc

import people
from stubs import pb
from walk import Clients, Walk

DRAIN_SECONDS_MAX = 5


def test_watchers_do_not_hold_up_a_stop(fresh_cluster):
    clients = Clients(fresh_cluster)
    rng = random.Random("stopping")
    walk = Walk(clients, people.make(rng), rng)
    walk.draft()
    request = pb.intake.WatchApplicationRequest(application_id=walk.application_id)
    answers = clients.intake.WatchApplication(request, metadata=walk.caller, timeout=60)
    assert next(answers).application.state == pb.intake.APPLICATION_STATE_DRAFT

    ended: list[grpc.RpcError] = []

    def watch() -> None:
        try:
            for _ in answers:
                pass
        except grpc.RpcError as error:
            ended.append(error)

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.monotonic()
    intake = fresh_cluster.processes["intake"]
    intake.terminate()
    assert intake.wait(timeout=DRAIN_SECONDS_MAX) == 0
    assert time.monotonic() - began < DRAIN_SECONDS_MAX
    watcher.join(timeout=DRAIN_SECONDS_MAX)
    clients.close()
    assert [error.code() for error in ended] == [grpc.StatusCode.UNAVAILABLE]
    assert "stopping" in ended[0].details()
