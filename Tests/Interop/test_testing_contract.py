"""proto/grpc/testing is written out by us: the gRPC project's own files prove it the same."""

import pytest

import contract
from published import empty_pb2, messages_pb2, test_pb2

OURS = [file for file in contract.current().file if file.package == "grpc.testing"]
THEIRS = {
    **empty_pb2.DESCRIPTOR.message_types_by_name,
    **messages_pb2.DESCRIPTOR.message_types_by_name,
}


@pytest.mark.parametrize("name", [message.name for file in OURS for message in file.message_type])
def test_messages_have_the_published_fields(name):
    ours = contract.pool().FindMessageTypeByName(f"grpc.testing.{name}")
    assert fields(ours) == fields(THEIRS[name])


@pytest.mark.parametrize("name", [enum.name for file in OURS for enum in file.enum_type])
def test_enums_have_the_published_values(name):
    ours = contract.pool().FindEnumTypeByName(f"grpc.testing.{name}")
    theirs = messages_pb2.DESCRIPTOR.enum_types_by_name[name]
    assert ours.values_by_number.keys() == theirs.values_by_number.keys()
    assert ours.values_by_name.keys() == theirs.values_by_name.keys()


@pytest.mark.parametrize("name", [service.name for file in OURS for service in file.service])
def test_services_have_the_published_methods(name):
    ours = contract.pool().FindServiceByName(f"grpc.testing.{name}")
    assert methods(ours) == methods(test_pb2.DESCRIPTOR.services_by_name[name])


def fields(message) -> list[tuple]:
    return [(field.number, field.name, field.type, field.is_repeated,
             field.message_type and field.message_type.full_name,
             field.enum_type and field.enum_type.full_name) for field in message.fields]


def methods(service) -> list[tuple]:
    return [(method.name, method.input_type.full_name, method.output_type.full_name,
             method.client_streaming, method.server_streaming) for method in service.methods]
