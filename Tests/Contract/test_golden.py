"""The golden bytes that Swift reads and writes (Tests/WireTests/GoldenTests.swift) are those that
Python and Debian's protoc make of the same message written as text.

ANJU_UPDATE_GOLDEN=1 pytest Tests/Contract/test_golden.py writes the bytes anew from the texts.
"""

import os
import pathlib
import shutil
import subprocess

import pytest
from google.protobuf import text_format

import contract

GOLDEN = pathlib.Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.txtpb"))


def read(name: str):
    text = (GOLDEN / f"{name}.txtpb").read_text(encoding="utf-8")
    return text_format.Parse(text, contract.message_class(name)())


def test_every_file_has_its_pair():
    assert NAMES
    assert NAMES == sorted(path.stem for path in GOLDEN.glob("*.bin")) or updating()


def updating() -> bool:
    return "ANJU_UPDATE_GOLDEN" in os.environ


@pytest.mark.parametrize("name", NAMES)
def test_bytes_are_what_python_writes(name):
    path = GOLDEN / f"{name}.bin"
    if updating():
        path.write_bytes(read(name).SerializeToString())
    assert path.read_bytes() == read(name).SerializeToString()


@pytest.mark.parametrize("name", NAMES)
def test_protoc_reads_the_same_message(name):
    assert shutil.which("protoc"), "protobuf-compiler is not installed"
    files = [file.name for file in contract.current().file]
    decoded = subprocess.run(
        ["protoc", f"-I{contract.PROTO}", f"--decode={name}", *files],
        input=(GOLDEN / f"{name}.bin").read_bytes(), capture_output=True, check=True).stdout
    again = text_format.Parse(decoded.decode("utf-8"), contract.message_class(name)())
    assert again == read(name)
