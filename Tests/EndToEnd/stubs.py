"""Python stubs made from the published .proto files alone, as an integrator would make them."""

import importlib
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

from grpc_tools import protoc

ROOT = Path(__file__).resolve().parents[2]
PROTO = ROOT / "proto"
PACKAGES = [
    *("model", "intake", "approval", "registry", "notification", "operations"),
    *("feed", "credit"),
]


def load() -> SimpleNamespace:
    """Compiles `proto/anju` and returns the modules: `.intake`, `.intake_grpc`, ..."""
    folder = tempfile.mkdtemp(prefix="anju-stubs-")
    places = [PROTO / "anju" / name / "v1" for name in PACKAGES]
    files = sorted(str(file) for place in places for file in place.glob("*.proto"))
    code = protoc.main(
        ["protoc", f"-I{PROTO}", f"--python_out={folder}", f"--grpc_python_out={folder}", *files]
    )
    assert code == 0, "grpcio-tools refused proto/"
    sys.path.insert(0, folder)
    modules = SimpleNamespace()
    for name in PACKAGES:
        setattr(modules, name, messages(name))
        grpc_module = importlib.import_module(f"anju.{name}.v1.{name}_pb2_grpc")
        setattr(modules, f"{name}_grpc", grpc_module)
    return modules


def messages(package: str) -> SimpleNamespace:
    """What the files of a package define, under one name; the service's own file comes last."""
    found = {}
    files = (PROTO / "anju" / package / "v1").glob("*.proto")
    for file in sorted(files, key=lambda file: file.stem == package):
        module = importlib.import_module(f"anju.{package}.v1.{file.stem}_pb2")
        found |= {name: value for name, value in vars(module).items() if name[0].isupper()}
    return SimpleNamespace(**found)


pb = load()
