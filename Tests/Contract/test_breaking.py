"""proto/ breaks nobody who was built against the last release; and the check that says so refuses
each kind of break."""

import pathlib

import pytest
from google.protobuf import descriptor_pb2

import contract
from breaking import breaks

RELEASED = contract.PROTO / "released.binpb"

BASE = """
syntax = "proto3";
package p;
service S {
  rpc One(A) returns (B);
  rpc Many(A) returns (stream B);
}
message A {
  reserved 9;
  reserved "gone";
  string name = 1;
  int32 count = 2;
  repeated B items = 3;
  E kind = 4;
  oneof choice { string left = 5; string right = 6; }
  message Within { string x = 1; }
}
message B {}
enum E {
  reserved 7;
  E_UNSPECIFIED = 0;
  E_ONE = 1;
}
"""

BREAKS = [
    ("string name = 1;", "", "field p.A.name was removed"),
    ("string name = 1;", "reserved 1;", "field p.A.name was removed"),
    ("string name = 1;", "string name = 11;", "field p.A.name was renumbered"),
    ("string name = 1;", "string title = 1;", "field p.A.name was renamed to title"),
    ("string name = 1;", "bytes name = 1;", "field p.A.name changed its type from string to bytes"),
    ("int32 count = 2;", "int64 count = 2;",
     "field p.A.count changed its type from int32 to int64"),
    ("repeated B items", "repeated Within items",
     "field p.A.items changed its type from p.B to p.A.Within"),
    ("repeated B items", "B items", "field p.A.items became a list, or one no longer"),
    ("int32 count", "repeated int32 count", "field p.A.count became a list, or one no longer"),
    ("oneof choice { string left = 5; string right = 6; }",
     "oneof choice { string right = 6; } string left = 5;",
     "field p.A.left moved into or out of a oneof"),
    ("reserved 9;", "int32 more = 9;", "field p.A.more takes what was reserved"),
    ('reserved "gone";', "int32 gone = 12;", "field p.A.gone takes what was reserved"),
    ("reserved 9;", "", "number 9 of p.A is no longer reserved"),
    ("message Within { string x = 1; }", "", "message p.A.Within was removed"),
    ("message Within { string x = 1; }", "message Within {}", "field p.A.Within.x was removed"),
    ("E_ONE = 1;", "", "value p.E.E_ONE was removed"),
    ("E_ONE = 1;", "E_ONE = 2;", "value p.E.E_ONE was renumbered"),
    ("E_ONE = 1;", "E_FIRST = 1;", "value p.E.E_ONE was renamed to E_FIRST"),
    ("reserved 7;\n  E_UNSPECIFIED = 0;", "E_UNSPECIFIED = 0; E_SEVEN = 7;",
     "value p.E.E_SEVEN takes what was reserved"),
    ("rpc One(A) returns (B);", "", "method p.S.One was removed"),
    ("rpc One(A)", "rpc One(B)", "method p.S.One takes another message"),
    ("One(A) returns (B)", "One(A) returns (A)", "method p.S.One answers another message"),
    ("One(A) returns (B)", "One(A) returns (stream B)",
     "method p.S.One changed which sides stream"),
    ("returns (stream B)", "returns (B)", "method p.S.Many changed which sides stream"),
    ("Many(A)", "Many(stream A)", "method p.S.Many changed which sides stream"),
    ("package p;", "package q;", "service p.S was removed"),
]

ALLOWED = [
    ("int32 count = 2;", "int32 count = 2; string note = 8;"),
    ("E_ONE = 1;", "E_ONE = 1; E_TWO = 2;"),
    ("message B {}", "message B { string new = 1; }\nmessage C {}\nenum F { F_UNSPECIFIED = 0; }"),
    ("rpc One(A) returns (B);", "rpc One(A) returns (B); rpc Two(A) returns (B);"),
    ("string right = 6;", "string right = 6; string middle = 7;"),
    ("reserved 9;", "reserved 9, 10;"),
    ("message B {}", "// A comment.\nmessage B {}"),
]


def compiled(text: str, folder: pathlib.Path):
    folder.joinpath("p.proto").write_text(text, encoding="utf-8")
    return contract.compile_set(folder, ["p.proto"])


@pytest.mark.parametrize(("before", "after", "sentence"), BREAKS)
def test_a_break_is_found(before, after, sentence, tmp_path):
    assert BASE.count(before) == 1
    old = compiled(BASE, tmp_path)
    new = compiled(BASE.replace(before, after), tmp_path)
    assert sentence in breaks(old, new)


@pytest.mark.parametrize(("before", "after"), ALLOWED)
def test_growth_is_allowed(before, after, tmp_path):
    assert BASE.count(before) == 1
    old = compiled(BASE, tmp_path)
    assert breaks(old, compiled(BASE.replace(before, after), tmp_path)) == []


def test_proto_keeps_what_was_released():
    assert RELEASED.exists(), "nothing is released yet: proto/generate.sh --release"
    released = descriptor_pb2.FileDescriptorSet.FromString(RELEASED.read_bytes())
    assert [file.name for file in released.file if file.name.startswith("anju/")]
    assert breaks(released, contract.current()) == []
