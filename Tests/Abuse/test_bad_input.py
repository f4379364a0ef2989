"""Wrong requests, each with the status that gRPC gives it (PROTOCOL-HTTP2 and statuscodes in the
gRPC project's documents), on a connection that goes on serving its other streams."""

import pytest

from raw import Code, RawClient, block, headers, message

EMPTY_CALL = "/grpc.testing.TestService/EmptyCall"
UNARY_CALL = "/grpc.testing.TestService/UnaryCall"
FULL_DUPLEX_CALL = "/grpc.testing.TestService/FullDuplexCall"
MESSAGE_BYTES_MAX = 4 << 20
# StreamingOutputCallRequest{response_parameters: {size: 1}}, and the answer with one zero byte.
ASK_ONE, ONE = b"\x12\x02\x08\x01", b"\x0a\x03\x12\x01\x00"


def fields(path: str = EMPTY_CALL, **changes: str | None) -> list[tuple[str, str]]:
    """A well-formed call's header fields; a change to None leaves one out."""
    wanted = {
        ":method": "POST", ":scheme": "http", ":path": path, ":authority": "test",
        "content-type": "application/grpc", "te": "trailers",
    }
    wanted.update({name.replace("_", "-"): value for name, value in changes.items()})
    return [(name, value) for name, value in wanted.items() if value is not None]


@pytest.fixture
def client(server):
    """A connection on which a call is under way all the time; it must notice nothing."""
    with RawClient(server) as client:
        client.request(1, fields(FULL_DUPLEX_CALL), message(ASK_ONE), end=False)
        while 1 not in client.answers or client.answers[1].body != message(ONE):
            client.read()
        yield client
        client.data(1, message(ASK_ONE), end=True)
        other = client.answer(1)
        assert (other.status, other.body) == ("0", 2 * message(ONE))
        assert client.goaway is None


def call(client: RawClient, head, body: bytes = message(b""), stream: int = 3):
    client.request(stream, head, body)
    return client.answer(stream)


def refused(answer, status: str) -> None:
    """The answer is header fields only, with a status that is not OK (trailers-only)."""
    assert answer.headers[":status"] == "200"
    assert answer.headers["content-type"].startswith("application/grpc")
    assert answer.status == status
    assert answer.body == b""
    assert answer.headers.get("grpc-message") or answer.trailers.get("grpc-message")


def test_a_good_call_is_served(client):
    assert call(client, fields()).status == "0"


@pytest.mark.parametrize("kind", [None, "text/html", "application/json", "application/grpcx"])
def test_a_wrong_content_type_is_415(client, kind):
    answer = call(client, fields(content_type=kind))
    assert answer.headers[":status"] == "415"


def test_a_missing_te_is_internal(client):
    refused(call(client, fields(te=None)), "13")


@pytest.mark.parametrize(
    "timeout", ["", "10", "S", "1.5S", "-1S", "123456789m", "5x", "1 S", "٣S"])
def test_a_bad_grpc_timeout_is_internal(client, timeout):
    refused(call(client, fields(grpc_timeout=timeout)), "13")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"\0", "13", id="one byte of five"),
        pytest.param(b"\0\0\0\0", "13", id="four bytes of five"),
        pytest.param(b"\2\0\0\0\0", "13", id="a flag that is no flag"),
        pytest.param(b"\xff\xff\xff\xff\xff", "13", id="all ones"),
        pytest.param(b"\0\xff\xff\xff\xff", "8", id="four gigabytes announced"),
    ],
)
def test_a_malformed_length_prefix(client, body, status):
    refused(call(client, fields(), body), status)


def test_a_compressed_flag_without_an_encoding_is_internal(client):
    refused(call(client, fields(), message(b"", flag=1)), "13")


def test_a_compressed_flag_under_identity_is_internal(client):
    refused(call(client, fields(grpc_encoding="identity"), message(b"", flag=1)), "13")


def test_an_unknown_encoding_is_unimplemented_and_told_what_is_known(client):
    answer = call(client, fields(grpc_encoding="br"))
    refused(answer, "12")
    assert "identity" in answer.headers["grpc-accept-encoding"].split(",")


@pytest.mark.parametrize("body", [message(b"12345")[:-1], message(b"12345")[:6]])
def test_a_truncated_message_is_internal(client, body):
    refused(call(client, fields(), body), "13")


@pytest.mark.parametrize("content", [b"\xff", b"\x0a\x05abc", b"\x0a\xff\xff\xff\xff\x0f"])
def test_bytes_that_are_no_protobuf_are_internal(client, content):
    refused(call(client, fields(UNARY_CALL), message(content)), "13")


def test_a_message_over_the_limit_is_exhausted_before_it_is_read(client):
    client.request(3, fields(UNARY_CALL), b"\0" + (MESSAGE_BYTES_MAX + 1).to_bytes(4), end=False)
    refused(client.answer(3), "8")


@pytest.mark.parametrize("value", ["A", "AA=A", "****", "AAA A", "=", "AAAA="])
def test_bad_base64_in_a_binary_header_is_internal(client, value):
    refused(call(client, fields(x_bin=value)), "13")


@pytest.mark.parametrize("value", ["AAE", "AAE=", "AAEC", "AAEC,AAE"])
def test_good_base64_is_read_padded_or_not(client, value):
    assert call(client, fields(x_bin=value)).status == "0"


@pytest.mark.parametrize("body", [b"", message(b"") * 2])
def test_a_unary_call_has_one_message(client, body):
    refused(call(client, fields(), body), "12")


@pytest.mark.parametrize(
    "path", ["/grpc.testing.TestService/None", "/none.None/EmptyCall", "//", "/x", "/?"])
def test_an_unknown_method_is_unimplemented(client, path):
    refused(call(client, fields(path)), "12")


def test_a_header_list_over_the_limit_is_exhausted(client):
    refused(call(client, fields(x="x" * 20_000)), "8")


def test_a_request_that_goes_on_after_its_refusal_is_let_go(client):
    client.request(3, fields("/none.None/None"), message(b"x" * 100), end=False)
    refused(client.answer(3), "12")
    # What was on its way is ignored, not held against the connection.
    client.data(3, b"x" * 10_000, end=True)
    client.check_alive()


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(block(("connection", "close")), id="a field of HTTP/1.1"),
        pytest.param(block(("UPPER", "x")), id="an upper-case name"),
        pytest.param(block(("x", "a\nb")), id="a line break in a value"),
        pytest.param(block(("x", "a ")), id="a value that ends with a space"),
        pytest.param(block((":status", "200")), id="a pseudo-header field of answers"),
        pytest.param(block((":path", "/x")), id="a second path"),
    ],
)
def test_malformed_http2_fields_reset_their_stream(client, wrong):
    client.send(headers(3, block(*fields()) + wrong))
    assert client.answer(3).reset == Code.PROTOCOL_ERROR


def test_a_path_without_a_slash_resets_its_stream(client):
    client.request(3, fields("EmptyCall"))
    assert client.answer(3).reset == Code.PROTOCOL_ERROR
