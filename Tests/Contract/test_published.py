"""proto/google and proto/grpc are written out by us. Here the published stubs prove that they are
the same on the wire, as far as we wrote them out: names, numbers, types, and bytes.

grpc.testing has no stubs on PyPI: Tests/Interop compares it with the gRPC project's own files."""

import pytest
from google.protobuf import any_pb2, descriptor, duration_pb2
from google.rpc import error_details_pb2, status_pb2
from grpc_health.v1 import health_pb2
from grpc_reflection.v1alpha import reflection_pb2

import contract

PUBLISHED = {
    "google.protobuf.Any": any_pb2.Any,
    "google.protobuf.Duration": duration_pb2.Duration,
    "google.rpc.Status": status_pb2.Status,
    "google.rpc.ErrorInfo": error_details_pb2.ErrorInfo,
    "google.rpc.RetryInfo": error_details_pb2.RetryInfo,
    "google.rpc.PreconditionFailure": error_details_pb2.PreconditionFailure,
    "google.rpc.BadRequest": error_details_pb2.BadRequest,
    "google.rpc.LocalizedMessage": error_details_pb2.LocalizedMessage,
    "grpc.health.v1.HealthCheckRequest": health_pb2.HealthCheckRequest,
    "grpc.health.v1.HealthCheckResponse": health_pb2.HealthCheckResponse,
    # v1 is v1alpha under another package.
    **{f"grpc.reflection.{version}.{name}": getattr(reflection_pb2, name)
       for version in ("v1", "v1alpha") for name in reflection_pb2.DESCRIPTOR.message_types_by_name},
}


def filled(message_type: descriptor.Descriptor, depth: int = 0):
    """A message of ours with something in every field, two things in every list."""
    message = contract.message_class(message_type.full_name)()
    for field in message_type.fields:
        values = [value(field, depth, index) for index in range(2)]
        if field.is_repeated:
            getattr(message, field.name).extend(values)
        elif field.message_type:
            getattr(message, field.name).CopyFrom(values[0])
        else:
            setattr(message, field.name, values[0])
    return message


def value(field: descriptor.FieldDescriptor, depth: int, index: int):
    if field.message_type:
        return filled(field.message_type, depth + 1)
    if field.enum_type:
        return field.enum_type.values[-1].number
    if field.type == field.TYPE_STRING:
        return f"{field.name} 值 {depth} {index}"
    if field.type == field.TYPE_BYTES:
        return bytes([0, 255, depth, index])
    return -(field.number + index)


def published_elsewhere() -> set[str]:
    ours = {m for f in contract.current().file if f.package != "grpc.testing"
            and not f.name.startswith("anju/")
            for m in (f"{f.package}.{message.name}" for message in f.message_type)}
    return ours


def test_every_message_has_its_published_twin():
    assert published_elsewhere() == set(PUBLISHED)


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_the_published_stub_reads_every_field(name):
    ours = filled(contract.pool().FindMessageTypeByName(name))
    theirs = PUBLISHED[name].FromString(ours.SerializeToString())
    assert_same(ours, theirs)
    assert_same(ours.FromString(theirs.SerializeToString(deterministic=True)), theirs)


def name_of(message) -> str:
    return message.DESCRIPTOR.full_name


def assert_same(ours, theirs):
    for field in ours.DESCRIPTOR.fields:
        twin = theirs.DESCRIPTOR.fields_by_number[field.number]
        assert twin.name == field.name
        left, right = getattr(ours, field.name), getattr(theirs, field.name)
        if name_of(ours) == "google.rpc.ErrorInfo" and field.name == "metadata":
            # Published as a map: one entry a key, in no order.
            assert {entry.key: entry.value for entry in left} == dict(right)
            continue
        assert twin.type == field.type and twin.is_repeated == field.is_repeated
        if not field.message_type:
            assert left == right
        elif field.is_repeated:
            assert len(left) == len(right)
            for ours_item, theirs_item in zip(left, right):
                assert_same(ours_item, theirs_item)
        else:
            assert_same(left, right)


@pytest.mark.parametrize(("package", "service", "published"), [
    ("grpc.health.v1", "Health", health_pb2),
    ("grpc.reflection.v1", "ServerReflection", reflection_pb2),
    ("grpc.reflection.v1alpha", "ServerReflection", reflection_pb2),
])
def test_services_are_the_published_ones(package, service, published):
    ours = contract.pool().FindServiceByName(f"{package}.{service}")
    theirs = published.DESCRIPTOR.services_by_name[service]
    assert len(ours.methods) > 0
    for method in ours.methods:
        twin = theirs.methods_by_name[method.name]
        assert twin.input_type.name == method.input_type.name
        assert twin.output_type.name == method.output_type.name
        assert twin.server_streaming == method.server_streaming
        assert twin.client_streaming == method.client_streaming


def test_health_has_the_published_statuses():
    statuses = contract.pool().FindEnumTypeByName(
        "grpc.health.v1.HealthCheckResponse.ServingStatus")
    assert {v.name: v.number for v in statuses.values} == dict(
        health_pb2.HealthCheckResponse.ServingStatus.items())
