"""A client on grpcio and our server, in plaintext and over TLS: the cases as their descriptions give
them, as far as grpcio can say them."""

import queue

import grpc
import pytest

from cases import SOAK_ITERATIONS_GRPCIO
from published import empty_pb2, messages_pb2, test_pb2_grpc

SECONDS_MAX = 60
REQUEST_SIZES = [27182, 8, 1828, 45904]
ANSWER_SIZES = [31415, 9, 2653, 58979]
GZIP = grpc.Compression.Gzip

Wanted = messages_pb2.ResponseParameters
Streamed = messages_pb2.StreamingOutputCallRequest
Uploaded = messages_pb2.StreamingInputCallRequest


@pytest.fixture(scope="module", params=["plaintext", "tls"])
def connect(request):
    """Makes channels to our server."""
    if request.param == "plaintext":
        server = request.getfixturevalue("server")
        return lambda: grpc.insecure_channel(server.address)
    server = request.getfixturevalue("tls_server")
    credentials = request.getfixturevalue("certificates").grpcio_client()
    return lambda: grpc.secure_channel(server.address, credentials)


@pytest.fixture(scope="module")
def channel(connect):
    with connect() as channel:
        yield channel


@pytest.fixture(scope="module")
def service(channel):
    return test_pb2_grpc.TestServiceStub(channel)


class Requests:
    """A call's requests, which go on until they are finished."""

    def __init__(self):
        self.queue = queue.SimpleQueue()

    def __iter__(self) -> "Requests":
        return self

    def __next__(self):
        request = self.queue.get()
        if request is None:
            raise StopIteration
        return request

    def send(self, request) -> None:
        self.queue.put(request)

    def finish(self) -> None:
        self.queue.put(None)

    def __enter__(self) -> "Requests":
        return self

    def __exit__(self, *_) -> None:
        self.finish()


def payload(size: int) -> messages_pb2.Payload:
    return messages_pb2.Payload(body=bytes(size))


def large(**more) -> messages_pb2.SimpleRequest:
    return messages_pb2.SimpleRequest(response_size=314159, payload=payload(271828), **more)


def boolean(value: bool) -> messages_pb2.BoolValue:
    return messages_pb2.BoolValue(value=value)


def status_of(call) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as error:
        call()
    return error.value


def test_empty_unary(service):
    assert service.EmptyCall(empty_pb2.Empty(), timeout=SECONDS_MAX) == empty_pb2.Empty()


def test_large_unary(service):
    assert service.UnaryCall(large(), timeout=SECONDS_MAX).payload.body == bytes(314159)


def test_client_compressed_unary(service):
    probe = status_of(lambda: service.UnaryCall(
        large(expect_compressed=boolean(True)), timeout=SECONDS_MAX))
    assert probe.code() == grpc.StatusCode.INVALID_ARGUMENT
    for is_compressed in (True, False):
        answer = service.UnaryCall(
            large(expect_compressed=boolean(is_compressed)), timeout=SECONDS_MAX,
            compression=GZIP if is_compressed else None)
        assert answer.payload.body == bytes(314159)


@pytest.mark.parametrize("is_compressed", [True, False])
def test_server_compressed_unary(service, is_compressed):
    """test_compression.py reads the flag."""
    answer = service.UnaryCall(
        large(response_compressed=boolean(is_compressed)), timeout=SECONDS_MAX)
    assert answer.payload.body == bytes(314159)


def test_client_streaming(service):
    requests = [Uploaded(payload=payload(size)) for size in REQUEST_SIZES]
    answer = service.StreamingInputCall(iter(requests), timeout=SECONDS_MAX)
    assert answer.aggregated_payload_size == 74922


def test_client_compressed_streaming(service):
    """A grpcio client compresses all of a call's messages or none."""
    first, second = (Uploaded(payload=payload(size), expect_compressed=boolean(True))
                     for size in (27182, 45904))
    probe = status_of(lambda: service.StreamingInputCall(iter([first]), timeout=SECONDS_MAX))
    assert probe.code() == grpc.StatusCode.INVALID_ARGUMENT
    answer = service.StreamingInputCall(
        iter([first, second]), timeout=SECONDS_MAX, compression=GZIP)
    assert answer.aggregated_payload_size == 73086


def test_server_streaming(service):
    request = Streamed(response_parameters=[Wanted(size=size) for size in ANSWER_SIZES])
    answers = service.StreamingOutputCall(request, timeout=SECONDS_MAX)
    assert [answer.payload.body for answer in answers] == [bytes(size) for size in ANSWER_SIZES]


def test_server_compressed_streaming(service):
    request = Streamed(response_parameters=[
        Wanted(size=31415, compressed=boolean(True)),
        Wanted(size=92653, compressed=boolean(False))])
    answers = service.StreamingOutputCall(request, timeout=SECONDS_MAX)
    assert [answer.payload.body for answer in answers] == [bytes(31415), bytes(92653)]


def test_ping_pong(service):
    with Requests() as requests:
        call = service.FullDuplexCall(requests, timeout=SECONDS_MAX)
        for size, wanted in zip(REQUEST_SIZES, ANSWER_SIZES):
            requests.send(Streamed(
                payload=payload(size), response_parameters=[Wanted(size=wanted)]))
            assert next(call).payload.body == bytes(wanted)
        requests.finish()
        assert list(call) == []


def test_empty_stream(service):
    assert list(service.FullDuplexCall(iter([]), timeout=SECONDS_MAX)) == []


def test_custom_metadata(service):
    metadata = [("x-grpc-test-echo-initial", "test_initial_metadata_value"),
                ("x-grpc-test-echo-trailing-bin", b"\xab\xab\xab")]
    _, unary = service.UnaryCall.with_call(large(), metadata=metadata, timeout=SECONDS_MAX)
    request = Streamed(payload=payload(271828), response_parameters=[Wanted(size=314159)])
    stream = service.FullDuplexCall(iter([request]), metadata=metadata, timeout=SECONDS_MAX)
    assert [len(answer.payload.body) for answer in stream] == [314159]
    for call in (unary, stream):
        assert metadata[0] in [tuple(entry) for entry in call.initial_metadata()]
        assert metadata[1] in [tuple(entry) for entry in call.trailing_metadata()]


@pytest.mark.parametrize("message", [
    "test status message",
    "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
])
def test_status_code_and_message(service, message):
    wanted = messages_pb2.EchoStatus(code=2, message=message)
    unary = status_of(lambda: service.UnaryCall(
        messages_pb2.SimpleRequest(response_status=wanted), timeout=SECONDS_MAX))
    stream = status_of(lambda: list(service.FullDuplexCall(
        iter([Streamed(response_status=wanted)]), timeout=SECONDS_MAX)))
    for error in (unary, stream):
        assert (error.code(), error.details()) == (grpc.StatusCode.UNKNOWN, message)


def test_unimplemented_method(service):
    error = status_of(lambda: service.UnimplementedCall(empty_pb2.Empty(), timeout=SECONDS_MAX))
    assert error.code() == grpc.StatusCode.UNIMPLEMENTED


def test_unimplemented_service(channel):
    stub = test_pb2_grpc.UnimplementedServiceStub(channel)
    error = status_of(lambda: stub.UnimplementedCall(empty_pb2.Empty(), timeout=SECONDS_MAX))
    assert error.code() == grpc.StatusCode.UNIMPLEMENTED


def test_cancel_after_begin(service):
    with Requests() as requests:
        call = service.StreamingInputCall.future(requests, timeout=SECONDS_MAX)
        call.cancel()
        assert call.code() == grpc.StatusCode.CANCELLED


def test_cancel_after_first_response(service):
    with Requests() as requests:
        call = service.FullDuplexCall(requests, timeout=SECONDS_MAX)
        requests.send(Streamed(
            payload=payload(27182), response_parameters=[Wanted(size=31415)]))
        assert next(call).payload.body == bytes(31415)
        call.cancel()
        assert status_of(lambda: next(call)).code() == grpc.StatusCode.CANCELLED


def test_timeout_on_sleeping_server(service):
    with Requests() as requests:
        call = service.FullDuplexCall(requests, timeout=0.001)
        requests.send(Streamed(payload=payload(27182)))
        assert status_of(lambda: next(call)).code() == grpc.StatusCode.DEADLINE_EXCEEDED


def test_rpc_soak(service):
    for _ in range(SOAK_ITERATIONS_GRPCIO):
        assert service.UnaryCall(large(), timeout=SECONDS_MAX).payload.body == bytes(314159)


def test_channel_soak(connect):
    for _ in range(SOAK_ITERATIONS_GRPCIO):
        with connect() as channel:
            answer = test_pb2_grpc.TestServiceStub(channel).UnaryCall(large(), timeout=SECONDS_MAX)
            assert answer.payload.body == bytes(314159)
