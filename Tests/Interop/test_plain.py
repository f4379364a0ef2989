"""What interop-server answers to HTTP/2 that is no gRPC: suites that know HTTP/2 only need it."""

import pytest

from wire import Wire


@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("POST", b""), ("POST", b"x" * 100_000)])
@pytest.mark.parametrize("content_type", [None, "text/plain", "application/grpc"])
def test_the_page_is_answered(server, method, body, content_type):
    with Wire(server) as wire:
        stream = wire.request("/", method=method, content_type=content_type, body=body)
        answer = wire.answer(stream)
    assert answer.headers[":status"] == "200"
    assert b"TestService" in answer.body
