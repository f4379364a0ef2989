"""A client that has no file of ours learns each service's contract from the service itself."""

import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

from cluster import Cluster

BUILT_IN = [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
]
# Each service serves it for its own store.
OPERATIONS = "anju.operations.v1.OperationsService"
SERVICES = {
    "intake": ["anju.intake.v1.CaseProgressService", "anju.intake.v1.IntakeService"],
    "approval": ["anju.approval.v1.ApprovalService"],
    "notification": ["anju.notification.v1.NotificationService"],
    "registry": ["anju.registry.v1.CertificateRegistryService"],
}


@pytest.mark.parametrize("name", SERVICES)
def test_a_client_is_built_from_reflection_alone(cluster, name):
    with grpc.insecure_channel(f"127.0.0.1:{cluster.ports[name]}") as channel:
        database = ProtoReflectionDescriptorDatabase(channel)
        assert sorted(database.get_services()) == sorted([*SERVICES[name], OPERATIONS, *BUILT_IN])
        pool = DescriptorPool(database)
        for service in SERVICES[name]:
            assert len(pool.FindServiceByName(service).methods) > 0
        method = pool.FindServiceByName(BUILT_IN[0]).methods_by_name["Check"]
        request_type = message_factory.GetMessageClass(method.input_type)
        response_type = message_factory.GetMessageClass(method.output_type)
        check = channel.unary_unary(
            f"/{BUILT_IN[0]}/Check", request_serializer=request_type.SerializeToString,
            response_deserializer=response_type.FromString)
        answer = check(request_type(service=SERVICES[name][0]), timeout=20)
        assert answer.status == response_type.SERVING


def test_a_setting_turns_it_off(tmp_path, monkeypatch):
    monkeypatch.setenv("NOTIFICATION_RPC_REFLECTION", "off")
    cluster = Cluster(tmp_path)
    try:
        cluster.start("notification")
        cluster.wait_ready("notification")
        with grpc.insecure_channel(f"127.0.0.1:{cluster.ports['notification']}") as channel:
            database = ProtoReflectionDescriptorDatabase(channel)
            with pytest.raises(grpc.RpcError) as refusal:
                database.get_services()
        assert refusal.value.code() == grpc.StatusCode.UNIMPLEMENTED
    finally:
        cluster.stop_all()
