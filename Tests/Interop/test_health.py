"""Health v1 as the gRPC project publishes it, asked by its own Python stubs."""

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from interop_server import interop_server

Status = health_pb2.HealthCheckResponse


@pytest.fixture(scope="module")
def health(server):
    with grpc.insecure_channel(server.address) as channel:
        yield health_pb2_grpc.HealthStub(channel)


def request(service: str) -> health_pb2.HealthCheckRequest:
    return health_pb2.HealthCheckRequest(service=service)


@pytest.mark.parametrize("service", ["", "grpc.testing.TestService"])
def test_the_server_and_its_service_serve(health, service):
    assert health.Check(request(service), timeout=20).status == Status.SERVING
    watch = health.Watch(request(service), timeout=20)
    assert next(watch).status == Status.SERVING
    watch.cancel()


def test_an_unknown_service_is_not_found_by_check(health):
    with pytest.raises(grpc.RpcError) as refusal:
        health.Check(request("grpc.testing.Nothing"), timeout=20)
    assert refusal.value.code() == grpc.StatusCode.NOT_FOUND


def test_an_unknown_service_is_watched_as_unknown_and_the_stream_stays(health):
    watch = health.Watch(request("grpc.testing.Nothing"), timeout=1)
    assert next(watch).status == Status.SERVICE_UNKNOWN
    with pytest.raises(grpc.RpcError) as end:
        next(watch)
    assert end.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED, "the server ended it"


def test_a_watcher_hears_that_the_server_stops(tmp_path):
    with interop_server(tmp_path) as server, grpc.insecure_channel(server.address) as channel:
        watch = health_pb2_grpc.HealthStub(channel).Watch(request(""), timeout=20)
        assert next(watch).status == Status.SERVING
        assert server.stop() == 0
        assert [answer.status for answer in watch] == [Status.NOT_SERVING]
