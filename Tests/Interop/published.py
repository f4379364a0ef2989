"""Python stubs made from the gRPC project's own files for grpc.testing, so that nothing of ours
stands on their side of a call."""

import importlib
import sys
import tempfile

from grpc_tools import protoc

from peers import SOURCE

FILES = [f"src/proto/grpc/testing/{name}.proto" for name in ("empty", "messages", "test")]


def _load():
    folder = tempfile.mkdtemp(prefix="interop-stubs-")
    code = protoc.main(
        ["protoc", f"-I{SOURCE}", f"--python_out={folder}", f"--grpc_python_out={folder}", *FILES])
    assert code == 0, "grpcio-tools refused the published files"
    sys.path.insert(0, folder)
    names = ["empty_pb2", "messages_pb2", "test_pb2", "test_pb2_grpc"]
    return [importlib.import_module(f"src.proto.grpc.testing.{name}") for name in names]


empty_pb2, messages_pb2, test_pb2, test_pb2_grpc = _load()
