"""The names of the cases, and how an interop client is started on one."""

import os
import subprocess

from interop_server import executable
from peers import PEERS

CASES = [
    "empty_unary",
    "large_unary",
    "client_compressed_unary",
    "server_compressed_unary",
    "client_streaming",
    "client_compressed_streaming",
    "server_streaming",
    "server_compressed_streaming",
    "ping_pong",
    "empty_stream",
    "custom_metadata",
    "status_code_and_message",
    "special_status_message",
    "unimplemented_method",
    "unimplemented_service",
    "cancel_after_begin",
    "cancel_after_first_response",
    "timeout_on_sleeping_server",
    "rpc_soak",
    "channel_soak",
]

SOAK_ITERATIONS = 1000
# The soaks against grpcio; as many with `./dev test --long`.
SOAK_ITERATIONS_GRPCIO = 1000 if "ANJU_LONG" in os.environ else 200
# Beside a whole test suite one call may take long; the soaks look for calls that fail.
SOAK = [f"--soak_iterations={SOAK_ITERATIONS}", "--soak_overall_timeout_seconds=120",
        "--soak_per_iteration_max_acceptable_latency_ms=5000"]
SECONDS_MAX = 150


def our_client(server, case: str, *options: str) -> None:
    """Runs interop-client on a case; fails with what it says if the case does."""
    _run([executable("interop-client"), *_flags(server, case), *options])


def cpp_client(server, case: str) -> None:
    """Runs the gRPC project's own client."""
    _run([PEERS / "bin" / "interop_client", "--use_tls=false", *_flags(server, case)])


def _flags(server, case: str) -> list[str]:
    flags = [f"--server_host={server.host}", f"--server_port={server.port}", f"--test_case={case}"]
    return flags + (SOAK if case.endswith("soak") else [])


def _run(command: list) -> None:
    run = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, timeout=SECONDS_MAX)
    assert run.returncode == 0, "\n".join(run.stderr.splitlines()[-20:])
