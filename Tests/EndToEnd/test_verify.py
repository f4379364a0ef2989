"""`anju verify` with files alone, and what it verifies checked without a line of ours: proofs by the
algorithms of RFC 9162, signatures by `openssl`. ProofProbe writes the files."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

import rfc9162
from stubs import ROOT

BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug")).resolve()
NOON = "2026-03-10T12:00:00+08:00"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proofs")
    subprocess.run([BIN / "ProofProbe", folder], check=True, timeout=300)
    return folder


@pytest.fixture(scope="module")
def tree(folder):
    tree = json.loads((folder / "tree.json").read_text())
    for key in ("paths", "proofs"):
        for proof in tree[key]:
            proof["hashes"] = [bytes.fromhex(text) for text in proof["hashes"]]
    tree["roots"] = [bytes.fromhex(text) for text in tree["roots"]]
    tree["leaves"] = [
        bytes.fromhex(leaf["salt"]) + leaf["record"].encode() for leaf in tree["leaves"]
    ]
    return tree


def verify(*arguments, folder, at=NOON):
    """Exit code and the one JSON object of `anju verify`, with no network to be had."""
    command = ["unshare", "-rn"] if can_cut_off() else []
    command += [BIN / "anju", "verify", *arguments, "--at", at, "--json"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert run.returncode in (0, 1, 2, 3), run.stderr
    found = json.loads(run.stdout)
    return run.returncode, found["verdict"], {reason["code"] for reason in found["reasons"]}


def can_cut_off() -> bool:
    """Whether this machine lets a process be without any network."""
    return subprocess.run(["unshare", "-rn", "true"], capture_output=True).returncode == 0


PERMIT = ["permit/document.json", "--signature", "permit/signature.der", "--trust", "keys"]
LOG = ["--proof", "permit/proof.json", "--head", "permit/head.json"]
GOOD = ["--snapshot", "snapshots/good.bin"]


def test_every_root_is_that_of_the_definition(tree):
    assert len(tree["roots"]) == len(tree["leaves"]) + 1
    for size, root in enumerate(tree["roots"]):
        assert root == rfc9162.root(tree["leaves"][:size])


def test_every_inclusion_path_leads_to_its_root_and_no_altered_one_does(tree):
    assert len(tree["paths"]) == 100 * 101 // 2
    for path in tree["paths"]:
        index, size, hashes = path["index"], path["size"], path["hashes"]
        leaf, root = tree["leaves"][index], tree["roots"][size]
        assert rfc9162.included(leaf, index, size, hashes, root)
        assert not rfc9162.included(leaf + b" ", index, size, hashes, root)
        assert not rfc9162.included(leaf, index, size, [*hashes, root], root)
        if hashes:
            assert not rfc9162.included(leaf, index, size, hashes[1:], root)


def test_every_consistency_proof_joins_its_roots_and_no_other(tree):
    assert len(tree["proofs"]) == 100 * 101 // 2
    for proof in tree["proofs"]:
        earlier, later, hashes = proof["earlier"], proof["later"], proof["hashes"]
        first, second = tree["roots"][earlier], tree["roots"][later]
        assert rfc9162.consistent(earlier, later, first, second, hashes)
        if earlier < later:
            assert not rfc9162.consistent(earlier, later, second, second, hashes)
            assert not rfc9162.consistent(earlier, later, first, first, hashes)


def test_a_permit_is_proved_with_python_alone(folder):
    """Document → its digest in the record → the leaf → the path → the root of the signed head."""
    proof = json.loads((folder / "permit" / "proof.json").read_text())
    head = json.loads((folder / "permit" / "head.signed").read_text())
    record = json.dumps(
        proof["record"], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()
    salt = bytes.fromhex(proof["salt"])
    document = (folder / "permit" / "document.json").read_bytes()
    digest = rfc9162.sm3(b"\x04" + salt + document).hex()
    assert proof["record"]["document_digest"] == digest
    path = [bytes.fromhex(text) for text in proof["path"]]
    root = bytes.fromhex(head["root"])
    assert head["size"] == proof["size"]
    assert rfc9162.included(salt + record, proof["index"], proof["size"], path, root)


@pytest.mark.parametrize(
    ("signed", "signature"),
    [
        ("permit/document.json", "permit/signature.der"),
        ("permit/head.signed", "permit/head.der"),
        ("code.signed", "code.der"),
    ],
)
def test_openssl_verifies_what_is_signed(folder, signed, signature):
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "keys/registry.pem", "-rawin"]
    command += ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    command += ["-in", signed, "-sigfile", signature]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


def test_good_files_are_valid(folder):
    assert verify(*PERMIT, *LOG, *GOOD, folder=folder) == (0, "VALID", set())
    assert verify(*PERMIT, *GOOD, folder=folder) == (0, "VALID", set())
    key = [*PERMIT[:3], "--key", "keys/registry.pem"]
    assert verify(*key, *LOG, *GOOD, folder=folder) == (0, "VALID", set())


@pytest.mark.parametrize(
    ("reason", "verdict"),
    [
        ("cancelled", "REVOKED"),
        ("superseded", "REVOKED"),
        ("lost", "REVOKED"),
        ("suspended", "SUSPENDED"),
    ],
)
def test_a_listed_permit_is_not_accepted(folder, reason, verdict):
    snapshot = ["--snapshot", f"snapshots/{reason}.bin"]
    assert verify(*PERMIT, *LOG, *snapshot, folder=folder) == (2, verdict, {reason.upper()})
    code = ["--code", (folder / "code.txt").read_text(), "--trust", "keys"]
    assert verify(*code, *snapshot, folder=folder) == (2, verdict, {reason.upper()})


def test_without_a_snapshot_nobody_knows(folder):
    assert verify(*PERMIT, folder=folder) == (3, "CANNOT_KNOW", {"SNAPSHOT_MISSING"})
    two_days_later = "2026-03-12T12:00:00+08:00"
    found = verify(*PERMIT, *GOOD, folder=folder, at=two_days_later)
    assert found == (3, "CANNOT_KNOW", {"SNAPSHOT_TOO_OLD"})


def test_after_the_last_day_it_is_over(folder):
    code, verdict, reasons = verify(*PERMIT, folder=folder, at="2027-03-10T23:59:59+08:00")
    assert (code, verdict, reasons) == (3, "CANNOT_KNOW", {"SNAPSHOT_MISSING"})
    code, verdict, reasons = verify(*PERMIT, folder=folder, at="2027-03-11T00:00:00+08:00")
    assert (code, verdict) == (2, "NOT_IN_FORCE")
    assert "EXPIRED" in reasons


def test_altered_and_foreign_files_are_refused(folder, tmp_path):
    document = (folder / "permit" / "document.json").read_bytes()
    (tmp_path / "later.json").write_bytes(document.replace(b"2027-03-10", b"2028-03-10"))
    (tmp_path / "cut.json").write_bytes(document[:-1])
    rest = [*PERMIT[1:], *GOOD]
    for name, reason in (("later", "SIGNATURE_WRONG"), ("cut", "DOCUMENT_TRUNCATED")):
        found = verify(str(tmp_path / f"{name}.json"), *rest, folder=folder)
        assert found == (1, "REFUSED", {reason})
    other = [*PERMIT, "--proof", "other/proof.json", "--head", "permit/head.json", *GOOD]
    assert verify(*other, folder=folder) == (1, "REFUSED", {"PROOF_OF_ANOTHER"})
    signature = ["permit/document.json", "--signature", "other/signature.der", "--trust", "keys"]
    assert verify(*signature, *GOOD, folder=folder) == (1, "REFUSED", {"SIGNATURE_WRONG"})


def test_a_code_is_verified_by_itself(folder):
    code = (folder / "code.txt").read_text()
    assert len(code) <= 600
    trust = ["--trust", "keys"]
    assert verify("--code", code, *trust, *GOOD, folder=folder) == (0, "VALID", set())
    unknown = (3, "CANNOT_KNOW", {"SNAPSHOT_MISSING"})
    assert verify("--code", code, *trust, folder=folder) == unknown
    suspended = (folder / "suspended.txt").read_text()
    found = verify("--code", suspended, *trust, *GOOD, folder=folder)
    assert found == (2, "SUSPENDED", {"SUSPENDED"})
    altered = code[:-1] + ("0" if code[-1] != "0" else "1")
    found = verify("--code", altered, *trust, *GOOD, folder=folder)
    assert found == (1, "REFUSED", {"CODE_ALTERED"})
    found = verify("--code", code[:-3], *trust, *GOOD, folder=folder)
    assert found == (1, "REFUSED", {"CODE_TRUNCATED"})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--trust", "keys"], "Give a document or --code"),
        ([PERMIT[0], "--trust", "keys"], "--signature go together"),
        (["--code", "AJ1:", "--proof", "x", "--trust", "keys"], "no --proof"),
        (PERMIT[:3], "--trust FOLDER"),
        ([*PERMIT, "--key", "keys/registry.pem"], "--trust FOLDER"),
        ([*PERMIT, "--snapshot", "nothing.bin"], "nothing.bin cannot be read"),
        ([*PERMIT[:3], "--trust", "permit"], "permit/keys.tsv cannot be read"),
        ([*PERMIT[:3], "--key", "permit/document.json"], "no public SM2 key"),
        ([*PERMIT, "--at", "yesterday"], "yesterday"),
    ],
)
def test_wrong_options_are_told(folder, arguments, told):
    command = [BIN / "anju", "verify", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=30)
    assert run.returncode == 64
    assert told in run.stderr


def test_the_readme_commands_work(folder):
    """The commands of Tools/Anju/README.md as they stand, at the files' own time."""
    readme = (ROOT / "Tools" / "Anju" / "README.md").read_text()
    [section] = re.findall(r"## Verifying.*?```sh\n(.*?)```", readme, re.DOTALL)
    commands = [line for line in section.splitlines() if line.startswith("anju verify")]
    assert len(commands) == 3
    codes = []
    for command in commands:
        line = command.replace("anju", str(BIN / "anju"), 1) + f" --at {NOON}"
        line = line.replace("code.txt", str(folder / "code.txt"))
        run = subprocess.run(["bash", "-c", line], cwd=folder, capture_output=True, text=True)
        codes.append((run.returncode, run.stdout.split()[0]))
    assert codes == [(3, "CANNOT_KNOW"), (0, "VALID"), (0, "VALID")]
