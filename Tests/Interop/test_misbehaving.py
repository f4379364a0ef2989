"""Our client against the gRPC project's servers that misbehave on purpose (http2_test): each does one
thing within the letter of HTTP/2, or just beyond it, that a client has to take well."""

import sys
from pathlib import Path

import pytest

from cases import our_client
from interop_server import Server

# The server, the case that our client runs against it, as the gRPC project pairs them, and how many
# connections it then needs.
PAIRS = [
    ("goaway", "goaway", 2),
    ("rst_after_header", "rst_after_header", 1),
    ("rst_during_data", "rst_during_data", 1),
    ("rst_after_data", "rst_after_data", 1),
    ("ping", "ping", 1),
    ("max_streams", "max_streams", 1),
    ("data_frame_padding", "large_unary", 1),
    ("no_df_padding_sanity_test", "large_unary", 1),
]


@pytest.mark.parametrize(("behaviour", "case", "connections"), PAIRS)
def test_our_client_takes_it_well(behaviour, case, connections, tmp_path):
    program = Path(__file__).with_name("misbehaving.py")
    # The server ends with an error if it saw something of the client that must not be.
    with Server([sys.executable, program, behaviour], tmp_path / "server.log") as server:
        our_client(server, case)
    assert f"connections: {connections}\n" in server.log.read_text()
