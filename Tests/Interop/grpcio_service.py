"""grpc.testing.TestService in Python, on grpcio: the other end for our client."""

from concurrent import futures

import grpc

from published import messages_pb2, test_pb2_grpc

CODES = {code.value[0]: code for code in grpc.StatusCode}
Streamed = messages_pb2.StreamingOutputCallResponse


def serve(credentials: grpc.ServerCredentials | None = None) -> tuple[grpc.Server, int]:
    """Starts a server on a free loopback port."""
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=16))
    test_pb2_grpc.add_TestServiceServicer_to_server(Service(), server)
    if credentials:
        port = server.add_secure_port("127.0.0.1:0", credentials)
    else:
        port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    return server, port


class Service(test_pb2_grpc.TestServiceServicer):
    """UnimplementedCall is the base class's: it answers UNIMPLEMENTED."""

    def EmptyCall(self, request, context):
        echo_metadata(context)
        return request

    def UnaryCall(self, request, context):
        echo_metadata(context)
        echo_status(request, context)
        if request.HasField("response_compressed"):
            context.set_compression(compression(request.response_compressed.value))
        return messages_pb2.SimpleResponse(payload=payload(request.response_size))

    def StreamingInputCall(self, requests, context):
        size = sum(len(request.payload.body) for request in requests)
        return messages_pb2.StreamingInputCallResponse(aggregated_payload_size=size)

    def StreamingOutputCall(self, request, context):
        if any(wanted.compressed.value for wanted in request.response_parameters):
            context.set_compression(grpc.Compression.Gzip)
        for wanted in request.response_parameters:
            if wanted.HasField("compressed") and not wanted.compressed.value:
                context.disable_next_message_compression()
            yield Streamed(payload=payload(wanted.size))

    def FullDuplexCall(self, requests, context):
        echo_metadata(context)
        for request in requests:
            echo_status(request, context)
            for wanted in request.response_parameters:
                yield Streamed(payload=payload(wanted.size))


def payload(size: int) -> messages_pb2.Payload:
    return messages_pb2.Payload(body=bytes(size))


def compression(is_wanted: bool) -> grpc.Compression:
    return grpc.Compression.Gzip if is_wanted else grpc.Compression.NoCompression


def echo_metadata(context) -> None:
    found = dict(context.invocation_metadata())
    if initial := found.get("x-grpc-test-echo-initial"):
        context.send_initial_metadata([("x-grpc-test-echo-initial", initial)])
    if trailing := found.get("x-grpc-test-echo-trailing-bin"):
        context.set_trailing_metadata([("x-grpc-test-echo-trailing-bin", trailing)])


def echo_status(request, context) -> None:
    if request.HasField("response_status"):
        context.abort(CODES[request.response_status.code], request.response_status.message)
