"""The compressed cases as they stand on the wire: gRPC libraries hide the flag that each message has,
so clients and servers are believed nothing here."""

import zlib

import pytest

from cases import cpp_client, our_client
from published import messages_pb2
from tap import Tap
from wire import Wire, message

UNARY = "/grpc.testing.TestService/UnaryCall"
STREAM = "/grpc.testing.TestService/StreamingOutputCall"
READS_GZIP = [("grpc-accept-encoding", "identity,gzip")]


@pytest.fixture(params=["ours and ours", "ours and cpp", "cpp and ours"])
def calls(request, server):
    """Runs a case between a client and a server; returns what they sent."""
    client = cpp_client if request.param.startswith("cpp") else our_client

    def run(case: str):
        target = request.getfixturevalue("cpp") if request.param.endswith("cpp") else server
        with Tap(target) as tap:
            client(tap, case)
        return tap.calls()

    return run


def flags(side) -> list[int]:
    return [flag for flag, _ in side.messages]


def test_client_compressed_unary(calls):
    probe, compressed, plain = [request for request, _ in calls("client_compressed_unary")]
    assert [flags(request) for request in (probe, compressed, plain)] == [[0], [1], [0]]
    assert compressed.headers["grpc-encoding"] == "gzip"
    [(_, content)] = compressed.messages
    sent = messages_pb2.SimpleRequest.FromString(zlib.decompress(content, wbits=31))
    assert (sent.expect_compressed.value, sent.payload.body) == (True, bytes(271828))


def test_client_compressed_streaming(calls):
    probe, call = [request for request, _ in calls("client_compressed_streaming")]
    assert (flags(probe), flags(call)) == ([0], [1, 0])
    assert call.headers["grpc-encoding"] == "gzip"


def test_server_compressed_unary(calls):
    found = calls("server_compressed_unary")
    assert [flags(answer) for _, answer in found] == [[1], [0]]
    for request, _ in found:
        assert "gzip" in request.headers["grpc-accept-encoding"]
    compressed = found[0][1]
    assert compressed.headers["grpc-encoding"] == "gzip"
    [(_, content)] = compressed.messages
    answer = messages_pb2.SimpleResponse.FromString(zlib.decompress(content, wbits=31))
    assert answer.payload.body == bytes(314159)


def test_server_compressed_streaming(calls):
    [(_, answer)] = calls("server_compressed_streaming")
    assert flags(answer) == [1, 0]
    assert answer.headers["grpc-encoding"] == "gzip"


def test_a_client_that_reads_no_gzip_is_sent_none(server):
    request = messages_pb2.SimpleRequest(response_size=314159)
    request.response_compressed.value = True
    with Wire(server) as wire:
        answer = wire.call(UNARY, message(request.SerializeToString()))
    assert answer.status == "0"
    assert answer.headers.get("grpc-encoding", "identity") == "identity"
    assert flags(answer) == [0]


def test_each_answer_of_a_stream_is_compressed_as_it_was_asked_for(server):
    wanted = [(10, True), (2000, False), (2000, True), (10, False)]
    request = messages_pb2.StreamingOutputCallRequest()
    for size, is_compressed in wanted:
        parameters = request.response_parameters.add(size=size)
        parameters.compressed.value = is_compressed
    with Wire(server) as wire:
        answer = wire.call(STREAM, message(request.SerializeToString()), headers=READS_GZIP)
    assert flags(answer) == [1, 0, 1, 0]
    sizes = [
        len(messages_pb2.StreamingOutputCallResponse.FromString(
            zlib.decompress(content, wbits=31) if flag else content).payload.body)
        for flag, content in answer.messages]
    assert sizes == [size for size, _ in wanted]
