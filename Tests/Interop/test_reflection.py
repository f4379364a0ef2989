"""Reflection v1 and v1alpha: what a client can learn from the server alone, without a file of ours."""

import google.protobuf.descriptor_pb2 as descriptor_pb2
import grpc
import pytest
from google.protobuf import message_factory
from google.protobuf.descriptor_pool import DescriptorPool
from grpc_reflection.v1alpha import reflection_pb2
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import (
    ProtoReflectionDescriptorDatabase,
)

import contract

SERVICES = [
    "grpc.health.v1.Health",
    "grpc.reflection.v1.ServerReflection",
    "grpc.reflection.v1alpha.ServerReflection",
    "grpc.testing.TestService",
]
Request = reflection_pb2.ServerReflectionRequest


@pytest.fixture(scope="module")
def channel(server):
    with grpc.insecure_channel(server.address) as channel:
        yield channel


@pytest.fixture(params=["v1", "v1alpha"])
def ask(request, channel):
    """Asks questions in one call. The messages of both versions are the same on the wire."""
    call = channel.stream_stream(
        f"/grpc.reflection.{request.param}.ServerReflection/ServerReflectionInfo",
        request_serializer=Request.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString)
    return lambda *questions: list(call(iter(questions), timeout=20))


def files(answer) -> dict[str, descriptor_pb2.FileDescriptorProto]:
    parsed = [descriptor_pb2.FileDescriptorProto.FromString(file)
              for file in answer.file_descriptor_response.file_descriptor_proto]
    return {file.name: file for file in parsed}


def test_a_client_is_built_from_reflection_alone(channel):
    database = ProtoReflectionDescriptorDatabase(channel)
    assert sorted(database.get_services()) == SERVICES
    pool = DescriptorPool(database)
    method = pool.FindServiceByName("grpc.testing.TestService").methods_by_name["UnaryCall"]
    request_type = message_factory.GetMessageClass(method.input_type)
    response_type = message_factory.GetMessageClass(method.output_type)
    call = channel.unary_unary(
        f"/{method.containing_service.full_name}/{method.name}",
        request_serializer=request_type.SerializeToString,
        response_deserializer=response_type.FromString)
    assert call(request_type(response_size=314), timeout=20).payload.body == bytes(314)


def test_services_are_listed(ask):
    [answer] = ask(Request(list_services="*", host="here"))
    assert [service.name for service in answer.list_services_response.service] == SERVICES
    assert answer.valid_host == "here"
    assert answer.original_request == Request(list_services="*", host="here")


def test_a_file_comes_with_what_it_imports_and_as_protoc_compiled_it(ask):
    [answer] = ask(Request(file_by_filename="grpc/testing/test.proto"))
    found = files(answer)
    assert next(iter(found)) == "grpc/testing/test.proto"
    compiled = {file.name: file for file in contract.current().file}
    assert found == {name: compiled[name] for name in [
        "grpc/testing/test.proto", "grpc/testing/empty.proto", "grpc/testing/messages.proto"]}


@pytest.mark.parametrize(("symbol", "file"), [
    ("grpc.testing.TestService", "grpc/testing/test.proto"),
    ("grpc.testing.TestService.UnaryCall", "grpc/testing/test.proto"),
    ("grpc.testing.SimpleRequest", "grpc/testing/messages.proto"),
    ("grpc.testing.SimpleRequest.response_size", "grpc/testing/messages.proto"),
    ("grpc.testing.PayloadType", "grpc/testing/messages.proto"),
    ("grpc.testing.COMPRESSABLE", "grpc/testing/messages.proto"),
    ("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto"),
    ("grpc.health.v1.HealthCheckResponse.SERVING", "grpc/health/v1/health.proto"),
    ("grpc.reflection.v1.ServerReflectionRequest.message_request",
     "grpc/reflection/v1/reflection.proto"),
])
def test_each_kind_of_name_leads_to_its_file(ask, symbol, file):
    [answer] = ask(Request(file_containing_symbol=symbol))
    assert next(iter(files(answer))) == file


@pytest.mark.parametrize("question", [
    Request(file_by_filename="anju/intake/v1/intake.proto"),  # ours, but not served here
    Request(file_by_filename=""),
    Request(file_containing_symbol="grpc.testing.SimpleRequest.nothing"),
    Request(file_containing_symbol=".grpc.testing.SimpleRequest"),
    Request(file_containing_extension={
        "containing_type": "grpc.testing.SimpleRequest", "extension_number": 100}),
    Request(all_extension_numbers_of_type="grpc.testing.TestService"),
])
def test_what_is_not_there_is_not_found_and_the_call_goes_on(ask, question):
    refused, answered = ask(question, Request(list_services=""))
    assert refused.error_response.error_code == grpc.StatusCode.NOT_FOUND.value[0]
    assert refused.original_request == question
    assert answered.HasField("list_services_response")


def test_a_message_without_extensions_has_none(ask):
    [answer] = ask(Request(all_extension_numbers_of_type="grpc.testing.SimpleRequest"))
    numbers = answer.all_extension_numbers_response
    assert numbers.base_type_name == "grpc.testing.SimpleRequest"
    assert list(numbers.extension_number) == []


def test_a_request_that_asks_nothing_is_told_so(ask):
    [answer] = ask(Request(host="here"))
    assert answer.error_response.error_code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
