"""A log that was damaged behind the registry's back stops issuing and says so; permits are verified
all the same, and issued again once the damage is mended."""

import contextlib
import datetime
import json
import random
import sqlite3
import time

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc

from stubs import pb
from test_registry_kill import Life, Registry
from walk import Clients

WAIT_SECONDS_MAX = 60
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


def change(cluster: Registry, statement: str) -> None:
    """Changes the database's file as nobody should."""
    place = f"{cluster.folder}/data/registry.db"
    with contextlib.closing(sqlite3.connect(place, timeout=30)) as store, store:
        assert store.execute(statement).rowcount == 1


def life(clients: Clients, number: int) -> Life:
    now = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8)))
    return Life(clients, random.Random(f"gate:{number}"), now.date())


def is_valid(clients: Clients, identifier: str) -> list[str]:
    request = pb.registry.VerifyPermitRequest(
        certificate_identifier=identifier,
        purpose=pb.registry.VERIFY_PURPOSE_HOUSING,
        division_code="330106",
    )
    answer = clients.call(clients.registry.VerifyPermit, request, clients.integrator)
    return list(answer.reason_codes)


def refused(clients: Clients, number: int) -> grpc.RpcError:
    """One order to issue, which must be refused."""
    another = life(clients, number)
    another.call = lambda method, request: getattr(clients.registry, method)(
        request, metadata=another.caller, timeout=20
    )
    try:
        another.issue()
    except grpc.RpcError as error:
        return error
    raise AssertionError("a permit was issued")


def health(clients: Clients, name: str) -> int:
    stub = health_pb2_grpc.HealthStub(clients.channels["registry"])
    return stub.Check(health_pb2.HealthCheckRequest(service=name), timeout=20).status


def stopped(cluster: Registry) -> str:
    """What the health page says of issuing."""
    return json.loads(cluster.page("registry", "/healthz")[1])["issuing"]


def test_a_damaged_log_stops_issuing_and_never_verifying(tmp_path):
    cluster = Registry(tmp_path, {"ISSUING_LOOK_S": "5"})
    cluster.start("registry")
    try:
        cluster.wait_ready("registry")
        clients = Clients(cluster)
        first = life(clients, 1).issue()
        second = life(clients, 2).issue()
        clients.close()
        assert stopped(cluster) == "ok"
        cluster.stop_all()
        swap = (
            "UPDATE log_entry SET leaf_hash = CAST(substr(leaf_hash, 17) || substr(leaf_hash, 1, 16)"
            " AS BLOB) WHERE leaf_index = (SELECT MAX(leaf_index) FROM log_entry)"
        )
        change(cluster, swap)
        cluster.start("registry")
        cluster.wait_ready("registry")
        clients = Clients(cluster)
        error = refused(clients, 3)
        assert error.code() == grpc.StatusCode.UNAVAILABLE
        assert b"ISSUING_STOPPED" in dict(error.trailing_metadata())["grpc-status-details-bin"]
        for identifier in (first, second):
            assert is_valid(clients, identifier) in (["VALID"], ["SUSPENDED"])
        assert "LEAF_ALTERED" in stopped(cluster) and "nothing is issued" in stopped(cluster)
        assert cluster.page("registry", "/healthz")[0] == 503
        assert cluster.page("registry", "/readyz")[0] == 200
        assert (health(clients, ""), health(clients, "issuing")) == (SERVING, NOT_SERVING)
        metrics = cluster.page("registry", "/metrics")[1]
        assert 'anju_issuing_stopped{cause="log_damaged"} 1' in metrics
        assert 'anju_issuing_stopped{cause="clock_behind"} 0' in metrics
        change(cluster, swap)
        deadline = time.monotonic() + WAIT_SECONDS_MAX
        while stopped(cluster) != "ok":
            assert time.monotonic() < deadline, stopped(cluster)
            time.sleep(0.1)
        assert is_valid(clients, life(clients, 4).issue()) in (["VALID"], ["SUSPENDED"])
        assert health(clients, "issuing") == SERVING
        clients.close()
    finally:
        cluster.stop_all()
