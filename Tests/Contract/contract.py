"""The contract under proto/ as Python sees it: compiled by PyPI's protoc, independent of ours."""

import functools
import pathlib
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROTO = ROOT / "proto"


def compile_set(folder: pathlib.Path, files: list[str]) -> descriptor_pb2.FileDescriptorSet:
    """The descriptor set of `files`, which stand below `folder`, with all they import."""
    with tempfile.NamedTemporaryFile(suffix=".binpb") as out:
        subprocess.run(
            [sys.executable, "-m", "grpc_tools.protoc", f"-I{folder}", "--include_imports",
             f"--descriptor_set_out={out.name}", *files],
            check=True, capture_output=True, text=True)
        return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes())


@functools.cache
def current() -> descriptor_pb2.FileDescriptorSet:
    """Everything under proto/."""
    return compile_set(PROTO, sorted(str(p.relative_to(PROTO)) for p in PROTO.rglob("*.proto")))


@functools.cache
def pool() -> descriptor_pool.DescriptorPool:
    """The contract in a pool of its own, beside the published stubs' default pool."""
    result = descriptor_pool.DescriptorPool()
    for file in current().file:
        result.Add(file)
    return result


def message_class(full_name: str):
    """The class of one of our messages."""
    return message_factory.GetMessageClass(pool().FindMessageTypeByName(full_name))
