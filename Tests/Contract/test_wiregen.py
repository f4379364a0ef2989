"""wiregen refuses what protobuf-c cannot carry or Swift cannot name, and names what it accepts as
protoc-c and Swift do. Needs `proto/generate.sh` to have built wiregen."""

import pathlib
import re
import subprocess

import pytest

import contract

WIREGEN = contract.ROOT / "Shared/WireGen/.build/debug/wiregen"

HEAD = 'syntax = "proto3";\npackage anju.t.v1;\n'

# What the file holds, and what the refusal must say.
REFUSED = [
    ("message M { optional string name = 1; }", "anju.t.v1.M.name: is `optional`"),
    ("message M { map<string, string> facts = 1; }", "anju.t.v1.M.facts: is a map"),
    ("message M { M next = 1; }", "anju.t.v1.M: contains itself: anju.t.v1.M.next -> anju.t.v1.M"),
    ("message M { repeated M all = 1; }", "anju.t.v1.M: contains itself"),
    ("message M { oneof o { M next = 1; } }", "anju.t.v1.M: contains itself"),
    ("message A { B b = 1; } message B { C c = 1; } message C { repeated A a = 1; }",
     "anju.t.v1.A: contains itself: "
     "anju.t.v1.A.b -> anju.t.v1.B.c -> anju.t.v1.C.a -> anju.t.v1.A"),
    ("message M { N n = 1; message N { M m = 1; } }", "contains itself"),
    ('import "google/protobuf/timestamp.proto"; message M { google.protobuf.Timestamp at = 1; }',
     "anju.t.v1.M.at: uses google.protobuf.Timestamp, which is not under proto/"),
    ('import "google/protobuf/descriptor.proto";'
     'extend google.protobuf.FieldOptions { string note = 50000; }', "declares extensions"),
    ("message M { string fooBar = 1; }", "anju.t.v1.M.fooBar: is not lower_snake_case"),
    ("message m { }", "anju.t.v1.m: is not UpperCamelCase"),
    ("message M { oneof Choice { string a = 1; } }", "anju.t.v1.M.Choice: is not lower_snake_case"),
    ("message M { string self = 1; }", "anju.t.v1.M.self: has a name that Swift cannot give"),
    ("message M { oneof o { string init = 1; } }",
     "anju.t.v1.M.init: has a name that Swift cannot"),
    ("message M { string a_b = 1; oneof a__b { string c = 2; } }",
     "anju.t.v1.M.a__b: its Swift name aB is taken"),
    ("message M { string unknown_fields = 1; }", "its Swift name unknownFields is taken"),
    ("message M { oneof choice { string a = 1; } message Choice {} }",
     "anju.t.v1.M.choice: its Swift name Choice is taken"),
    ("message M { oneof o { string none = 1; } }", "its Swift name none is taken"),
    ("enum E { option allow_alias = true; E_A = 0; E_B = 0; }",
     "anju.t.v1.E.E_B: has the number of another value"),
    ("enum E { E_URL_ID = 0; E_URL_I_D = 1; }",
     "anju.t.v1.E.E_URL_I_D: its Swift name urlID is taken"),
    ("enum E { E_UNRECOGNIZED = 0; }", "its Swift name unrecognized is taken"),
    ("message String {}", "anju.t.v1.String: has the name of a type that generated code uses"),
    ("message SClient {} service S {}", "its Swift name SClient is taken"),
    ("message M {} service S { rpc get(M) returns (M); }",
     "anju.t.v1.S.get: is not UpperCamelCase"),
    ("message M {} service S { rpc All(M) returns (M); }", "its Swift name all is taken"),
]

REFUSED_FILES = [
    ('syntax = "proto2"; package anju.t.v1; message M { required string a = 1; }', "is not proto3"),
    ('syntax = "proto2"; package anju.t.v1; message M { optional group G = 1 { } }', "is a group"),
    ('syntax = "proto2"; package anju.t.v1; message M { extensions 100 to 200; }', "has extensions"),
    ('syntax = "proto3"; message M {}', "has no package"),
]

AWKWARD = HEAD + """
message SMSMessage2 {
  string class = 1; string repeat = 2; string await = 3; string in = 4; string default = 5;
  repeated string namespace = 6; bool true = 7; bytes operator = 8; double switch = 9;
  HTTPVersion protocol = 10; repeated HTTPVersion extension = 11; Deep.Deeper let = 12;
  repeated Deep.Deeper var = 13; repeated bool bools = 14; repeated bytes blobs = 15;
  oneof where { string for = 16; int64 case = 17; Deep.Deeper return = 18; HTTPVersion try = 19;
                bytes guard = 20; bool is = 21; }
  repeated sfixed64 longs = 22; float func = 23; repeated uint32 ids_url_id = 24;
  message Deep { message Deeper { Kind kind = 1; enum Kind { A = 0; Type = -1; INIT = 2; } } }
}
enum HTTPVersion { HTTPVERSION_UNSPECIFIED = 0; HTTPVERSION_1_1 = 1; HTTPVERSION_CLASS = 2; }
message Empty {}
service Repeat {
  rpc In(Empty) returns (Empty);
  rpc Up(stream Empty) returns (SMSMessage2);
  rpc Down(Empty) returns (stream SMSMessage2);
  rpc URLBoth(stream Empty) returns (stream Empty);
}
"""


def generate(text: str, folder: pathlib.Path, out: pathlib.Path | None = None):
    folder.joinpath("t.proto").write_text(text, encoding="utf-8")
    descriptors = folder / "set.binpb"
    subprocess.run(
        ["protoc", f"-I{folder}", "--include_source_info", f"--descriptor_set_out={descriptors}",
         "t.proto"], check=True, capture_output=True)
    return subprocess.run(
        [WIREGEN, descriptors, *([out] if out else [])], capture_output=True, text=True)


def test_wiregen_is_built():
    assert WIREGEN.exists(), "run ./dev generate first"


@pytest.mark.parametrize(
    ("text", "reason"), [(HEAD + body, reason) for body, reason in REFUSED] + REFUSED_FILES)
def test_refusal(text, reason, tmp_path):
    result = generate(text, tmp_path, tmp_path)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert any(reason in line for line in lines), result.stderr
    assert all(line.startswith("wiregen: t.proto: ") for line in lines)
    assert not list(tmp_path.glob("*.swift")), "nothing is written when something is refused"


def test_two_packages_that_are_one_in_swift(tmp_path):
    for number, package in enumerate(["anju.a.v1", "a.v1"]):
        (tmp_path / f"{number}.proto").write_text(f'syntax = "proto3"; package {package};')
    subprocess.run(["protoc", f"-I{tmp_path}", f"--descriptor_set_out={tmp_path}/set",
                    "0.proto", "1.proto"], check=True)
    result = subprocess.run([WIREGEN, tmp_path / "set"], capture_output=True, text=True)
    assert result.returncode == 1
    assert "another package is AV1 in Swift too" in result.stderr


def test_bytes_that_are_no_set(tmp_path):
    (tmp_path / "set").write_bytes(b"\xff\xff\xff")
    result = subprocess.run([WIREGEN, tmp_path / "set"], capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (
        2, "wiregen: descriptor set: cannot be read\n")


def test_awkward_names_are_those_of_protoc_c(tmp_path):
    assert generate(AWKWARD, tmp_path, tmp_path).stderr == ""
    subprocess.run(["protoc-c", f"-I{tmp_path}", f"--c_out={tmp_path}", "t.proto"], check=True)
    header = (tmp_path / "t.pb-c.h").read_text()
    source = (tmp_path / "t.wire.swift").read_text()
    members = set(re.findall(r"c\.pointee\.`?(\w+)", source))
    assert {"class_", "in", "default_", "n_namespace_", "where_case"} <= members
    for member in members:
        assert re.search(rf"[ *]{member};", header), member
    for type_name, function in re.findall(r"typealias C = (\w+)|(\w+__init)\(c\)", source):
        name = type_name or function
        assert re.search(rf"\b{name}\b", header), name


def test_awkward_names_compile(tmp_path):
    """Type-checked beside the runtime, against the modules of the debug build."""
    modules = contract.ROOT / ".build/debug/Modules"
    assert (modules / "RPC.swiftmodule").exists(), "run swift build first"
    include = tmp_path / "include"
    include.mkdir()
    assert generate(AWKWARD, tmp_path, tmp_path).stderr == ""
    subprocess.run(["protoc-c", f"-I{tmp_path}", f"--c_out={include}", "t.proto"], check=True)
    (include / "module.modulemap").write_text('module CWire { umbrella "." export * }')
    result = subprocess.run(
        ["swiftc", "-typecheck", "-swift-version", "6", "-module-name", "Wire", "-I", modules,
         "-I", include, "-I", contract.ROOT / "Shared/CProtobufC",
         "-enable-upcoming-feature", "InternalImportsByDefault",
         "-enable-upcoming-feature", "MemberImportVisibility",
         "-enable-upcoming-feature", "ExistentialAny", "-warnings-as-errors",
         "-module-cache-path", tmp_path / "cache",
         *sorted((contract.ROOT / "Shared/Wire/Runtime").glob("*.swift")),
         *sorted(tmp_path.glob("*.swift"))], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
