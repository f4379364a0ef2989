"""The transparency log of a running registry, checked by whoever does not trust it: proofs by
`rfc9162.py`, signatures by `openssl` and by gmssl, and `anju` with files alone. Then its store is
damaged behind its back, and `anju audit` finds each damage."""

import datetime
import json
import random
import shutil
import sqlite3
import subprocess
import threading
from pathlib import Path

import grpc
import pytest
from gmssl import sm2

import people
import rfc9162
from cluster import Cluster
from logged import CALL_SECONDS_MAX, Registry, anju, issue
from postgres import Server
from stubs import pb
from walk import BUREAU, registration

PERMITS = 9
DRAIN_SECONDS_MAX = 10


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request, tmp_path_factory):
    """The PostgreSQL server that the registry is on; None where its store is a file."""
    if request.param == "sqlite":
        yield None
        return
    server = Server(tmp_path_factory.mktemp("server"), ["registry"])
    yield server
    server.remove()


@pytest.fixture(scope="module")
def registry(tmp_path_factory, year_ago, server):
    # Only the registry is started, so that the setting may be its own.
    settings = {"FEED_WATCHERS": "platform another"} | (server.settings() if server else {})
    cluster = Cluster(tmp_path_factory.mktemp("log"), settings)
    try:
        cluster.start("registry")
        cluster.wait_ready("registry")
        channel = cluster.channel("registry")
        stub = pb.registry_grpc.CertificateRegistryServiceStub(channel)
        made = Registry(cluster, stub, cluster.folder, [])
        fill(made, year_ago)
        yield made
        channel.close()
    finally:
        cluster.stop_all()


def fill(registry: Registry, year_ago: str) -> None:
    rng = random.Random("log")
    holders = [people.make(rng) for _ in range(PERMITS)]
    request = registration(holders[0], year_ago, rng)
    registry.call("RecordRegistration", request, name="population-register")
    for number, holder in enumerate(holders):
        registry.permits.append(issue(registry, holder, number).permit)
    cancelled = pb.registry.CancelPermitRequest(
        idempotency_key="cancel-the-second-permit",
        certificate_identifier=registry.permits[1].certificate_identifier,
        order=order(),
        reason=pb.registry.CANCEL_REASON_OWN_REQUEST,
    )
    registry.call("CancelPermit", cancelled, "service", "approval")


def order():
    return pb.registry.Order(
        application_id="application", case_id="case", actor="officer:p1", actor_office=BUREAU,
        decided_on=datetime.date.today().isoformat(), policy_version="zhejiang-1",
    )  # fmt: skip


def openssl_verifies(folder: Path, signed: bytes, signature: bytes, pem: str) -> bool:
    for name, data in (("signed", signed), ("signature", signature), ("key", pem.encode())):
        (folder / name).write_bytes(data)
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "key", "-rawin"]
    command += ["-digest", "sm3", "-pkeyopt", "distid:1234567812345678"]
    command += ["-in", "signed", "-sigfile", "signature"]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def gmssl_verifies(signed: bytes, signature: bytes, pem: str) -> bool:
    """By a second implementation of SM2 and SM3, in Python. The point is the key's last 64 bytes."""
    command = ["openssl", "pkey", "-pubin", "-outform", "DER"]
    key = subprocess.run(command, input=pem.encode(), capture_output=True, check=True).stdout
    checker = sm2.CryptSM2(private_key=None, public_key="", asn1=True)
    # Not handed in: it would take every leading 0 and 4 for the mark of an uncompressed point.
    checker.public_key = key[-64:].hex()
    return bool(checker.verify_with_sm3(signature.hex(), signed))


def test_an_answer_has_the_leaf_of_its_change(registry):
    states = {permit.log_state for permit in registry.permits}
    assert states == {pb.registry.LOG_STATE_SEQUENCED}
    assert [permit.leaf_index for permit in registry.permits] == list(range(1, PERMITS + 1))


def test_every_leaf_is_proved_against_every_head(registry):
    newest = registry.head()
    leaves = newest.tree_size
    assert leaves == PERMITS + 2
    for size in registry.sizes():
        head = registry.head(size)
        for index in range(size):
            proof = registry.proof(size, "auditor", leaf_index=index)
            leaf = proof.salt + proof.record
            assert rfc9162.leaf_hash(leaf) == proof.leaf_hash
            assert rfc9162.included(leaf, index, size, list(proof.path), head.root)
            assert not rfc9162.included(leaf + b" ", index, size, list(proof.path), head.root)


def test_every_head_begins_every_later_one(registry):
    sizes = registry.sizes()
    assert len(sizes) > 1
    heads = {size: registry.head(size) for size in sizes}
    for first in sizes:
        for second in (size for size in sizes if size >= first):
            request = dict(first_tree_size=first, second_tree_size=second)
            answer = registry.call(
                "GetConsistencyProof", pb.registry.GetConsistencyProofRequest(**request)
            )
            assert answer.first == heads[first] and answer.second == heads[second]
            roots = heads[first].root, heads[second].root
            assert rfc9162.consistent(first, second, *roots, list(answer.path))
            if first < second:
                assert not rfc9162.consistent(first, second, *reversed(roots), list(answer.path))


def test_openssl_and_gmssl_verify_heads_and_certificates(registry, tmp_path):
    head = registry.head()
    said = json.loads(head.head)
    assert said["root"] == head.root.hex() and said["size"] == head.tree_size
    permit = registry.permits[0]
    for signed, signature in ((head.head, head.signature), (permit.document, permit.signature)):
        assert openssl_verifies(tmp_path, signed, signature, head.public_key_pem)
        assert gmssl_verifies(signed, signature, head.public_key_pem)
        altered = signed.replace(b"1", b"2", 1)
        assert not openssl_verifies(tmp_path, altered, signature, head.public_key_pem)
        assert not gmssl_verifies(altered, signature, head.public_key_pem)


def test_the_feed_makes_up_the_tree_of_the_head(registry):
    request = pb.registry.WatchChangesRequest()
    caller = registry.caller("integrator", "platform")
    answers = registry.stub.WatchChanges(request, metadata=caller, timeout=CALL_SECONDS_MAX)
    changes = []
    for answer in answers:
        changes += answer.changes
        if answer.HasField("head"):
            break
    answers.cancel()
    assert [change.leaf_index for change in changes] == list(range(answer.head.tree_size))
    hashes = [change.leaf_hash for change in changes]
    assert rfc9162.root_of(hashes) == answer.head.root
    assert changes[0].action == "record_registration" and changes[-1].action == "cancel_permit"
    salts = [registry.proof(0, "auditor", leaf_index=change.leaf_index).salt for change in changes]
    for change, salt in zip(changes, salts, strict=True):
        assert len(salt) == 16 and salt not in change.SerializeToString()
    stranger = registry.caller("integrator", "stranger")
    with pytest.raises(grpc.RpcError) as refused:
        list(registry.stub.WatchChanges(request, metadata=stranger, timeout=CALL_SECONDS_MAX))
    assert refused.value.code() == grpc.StatusCode.PERMISSION_DENIED


def snapshot(registry: Registry) -> bytes:
    request = pb.registry.GetRevocationSnapshotRequest
    part = registry.call("GetRevocationSnapshot", request())
    data = part.data
    while len(data) < part.size_bytes:
        data += registry.call(
            "GetRevocationSnapshot", request(at_ms=part.at_ms, offset=len(data))
        ).data
    assert part.count == 1
    return data


def test_what_it_gives_verifies_with_files_alone(registry, tmp_path):
    (tmp_path / "snapshot.bin").write_bytes(snapshot(registry))
    (tmp_path / "key.pem").write_text(registry.head().public_key_pem)
    anju("head", "--save", "head.json", "--key", "key.pem", registry=registry, folder=tmp_path)
    verdicts = []
    for permit in registry.permits[:2]:
        proof = registry.proof(0, made_certificate_identifier=permit.certificate_identifier)
        for name, data in (
            ("document.json", permit.document),
            ("signature.der", permit.signature),
            ("proof.json", proof.proof),
        ):
            (tmp_path / name).write_bytes(data)
        command = ["verify", "document.json", "--signature", "signature.der", "--key", "key.pem"]
        command += ["--proof", "proof.json", "--head", "head.json"]
        command += ["--snapshot", "snapshot.bin", "--json"]
        run = anju(*command, folder=tmp_path)
        verdicts.append((run.returncode, json.loads(run.stdout)["verdict"]))
    assert verdicts == [(0, "VALID"), (2, "REVOKED")]


def test_a_head_that_was_kept_must_begin_the_newest(registry, tmp_path):
    key = ["--key", str(registry.cluster.keys / "registry.sm2.pub.pem")]
    command = ["head", "--save", "head.json", *key]
    assert anju(*command, registry=registry, folder=tmp_path).returncode == 0
    again = [*command, "--after", "head.json"]
    assert anju(*again, registry=registry, folder=tmp_path).returncode == 0
    head = json.loads((tmp_path / "head.json").read_text())
    head["head"]["root"] = "0" * 64
    other = json.dumps(head, sort_keys=True, separators=(",", ":"))
    (tmp_path / "other.json").write_text(other)
    refused = anju("head", "--after", "other.json", *key, registry=registry, folder=tmp_path)
    assert refused.returncode == 1 and "cannot prove" in refused.stderr


# Each damage: what is done with the store, and what is found, by code and place.
DAMAGES = {
    "a permit's term": (
        "UPDATE permit SET valid_to_on = '2099-01-01' WHERE case_id = 'case-3'",
        ("ROW_ALTERED", "permit "),
    ),
    "a permit is dropped": (
        "DELETE FROM permit WHERE case_id = 'case-4'",
        ("ROW_MISSING", "permit "),
    ),
    "a permit's holder": (
        "UPDATE permit SET person_id = (SELECT person_id FROM permit WHERE case_id = 'case-1')"
        " WHERE case_id = 'case-5'",
        ("HOLDER_ALTERED", "permit "),
    ),
    "a registration's office": (
        "UPDATE registration SET office_code = '330106000000'",
        ("ROW_ALTERED", "registration "),
    ),
    "a registration's identity": (
        "UPDATE registration SET identity = address",
        ("HOLDER_ALTERED", "registration "),
    ),
    "a line of the history": (
        "UPDATE history SET actor = 'officer:p2' WHERE action = 'cancel_permit'",
        ("LINE_ALTERED", "history "),
    ),
    "a line is back-dated": (
        "UPDATE history SET at = at - 86400000 WHERE action = 'cancel_permit'",
        ("LINE_ALTERED", "history "),
    ),
    "a line is dropped": (
        "DELETE FROM history WHERE action = 'cancel_permit'",
        ("LINE_MISSING", "history "),
    ),
    "an entry is back-dated": (
        "UPDATE log_entry SET at = at - 86400000 WHERE leaf_index = 4",
        ("ENTRY_ALTERED", "leaf 4"),
    ),
    "an entry is dropped": (
        "DELETE FROM log_entry WHERE leaf_index = 4",
        ("LEAF_MISSING", "leaf 4"),
    ),
    "the end of the log is cut off": (
        "DELETE FROM log_entry WHERE leaf_index >= 8; DELETE FROM log_head WHERE size > 8;"
        " UPDATE log_sequencer SET size = 8",
        ("LEAVES_MISSING", "head "),
    ),
    "two leaves change places": (
        "UPDATE log_entry SET leaf_index = 99 WHERE leaf_index = 4;"
        " UPDATE log_entry SET leaf_index = 4 WHERE leaf_index = 5;"
        " UPDATE log_entry SET leaf_index = 5 WHERE leaf_index = 99",
        ("WITNESS_DIFFERS", "head "),
    ),
}


class FileCopies:
    """Copies of a store that is a file."""

    def __init__(self, registry: Registry):
        self.store = str(registry.cluster.folder / "data" / "registry.db")
        self.undamaged = ["--store", self.store]

    def damaged(self, damage: str, folder: Path) -> list[str]:
        """What tells `anju audit` of a copy with which something was done."""
        copy = folder / "copy.db"
        with sqlite3.connect(self.store) as source, sqlite3.connect(copy) as target:
            source.backup(target)
            target.executescript(damage)
        for connection in (source, target):
            connection.close()
        return ["--store", str(copy)]


class DatabaseCopies:
    """Copies of a store on a server."""

    def __init__(self, server: Server):
        self.server = server
        self.numbers = iter("abcdefghijklmnopqrstuvwxyz")
        self.undamaged = self.database("anju_registry")

    def database(self, name: str) -> list[str]:
        settings = self.server.settings()
        return [
            "--database", name, "--port", settings["STORE_PORT"],
            "--password-file", settings["STORE_PASSWORD_FILE"],
        ]  # fmt: skip

    def damaged(self, damage: str, folder: Path) -> list[str]:
        copy = f"anju_copy_{next(self.numbers)}"
        self.server.copy(copy, of="anju_registry")
        # Rows are dropped though others refer to them, as whoever can write the files would do it.
        self.server.sql(copy, f"SET session_replication_role = replica; {damage}")
        return self.database(copy)


@pytest.fixture(scope="module")
def stopped(registry, server, tmp_path_factory):
    """The witnessed head, and the store of the registry once it has stopped; the last use of it."""
    folder = tmp_path_factory.mktemp("audit")
    key = str(registry.cluster.keys / "registry.sm2.pub.pem")
    anju("head", "--save", "head.json", "--key", key, registry=registry, folder=folder)
    watched = registry.stub.WatchChanges(
        pb.registry.WatchChangesRequest(), metadata=registry.caller("auditor", "a"), timeout=60
    )
    next(watched)
    ended: list[grpc.RpcError] = []

    def watch() -> None:
        try:
            for _ in watched:
                pass
        except grpc.RpcError as error:
            ended.append(error)

    watcher = threading.Thread(target=watch)
    watcher.start()
    process = registry.cluster.processes["registry"]
    process.terminate()
    assert process.wait(timeout=DRAIN_SECONDS_MAX) == 0
    watcher.join(timeout=DRAIN_SECONDS_MAX)
    assert [error.code() for error in ended] == [grpc.StatusCode.UNAVAILABLE]
    return folder, DatabaseCopies(server) if server else FileCopies(registry)


def audit(stopped, registry: Registry, damage: str, folder: Path, *more: str):
    kept, copies = stopped
    command = ["audit", "--witness", str(kept / "head.json"), *copies.damaged(damage, folder)]
    command += ["--keys", str(registry.cluster.keys), *more]
    return anju(*command, folder=folder)


def test_an_untouched_store_is_as_it_was_witnessed(stopped, registry, tmp_path):
    run = audit(stopped, registry, "", tmp_path, "--json")
    assert run.returncode == 0, run.stdout + run.stderr
    found = json.loads(run.stdout)
    assert found["whole"] and found["witnessed"] == found["leaves"] == PERMITS + 2
    assert found["findings"] == [] and found["destroyed"] == found["waiting"] == 0
    told = audit(stopped, registry, "", tmp_path).stdout
    assert "is as it was witnessed" in told


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_found_and_named(stopped, registry, tmp_path, name):
    damage, (code, place) = DAMAGES[name]
    run = audit(stopped, registry, damage, tmp_path, "--json")
    assert run.returncode == 1, run.stdout + run.stderr
    findings = json.loads(run.stdout)["findings"]
    assert any(found["code"] == code and place in found["place"] for found in findings), findings


def test_what_cannot_be_audited_is_told(stopped, registry, tmp_path):
    kept, copies = stopped
    store = copies.undamaged
    (tmp_path / "no.json").write_text("{}")
    (tmp_path / "empty").mkdir()
    shutil.copy(kept / "head.json", tmp_path / "head.json")
    empty = sqlite3.connect(tmp_path / "other.db")
    empty.execute("CREATE TABLE other (a)")
    empty.commit()
    empty.close()
    keys = str(registry.cluster.keys)
    head, other = str(tmp_path / "head.json"), str(tmp_path / "other.db")
    for arguments, code, told in (
        (["--store", "nothing.db", "--witness", head, "--keys", keys], 64, "nothing.db is not there"),
        ([*store, "--witness", "no.json", "--keys", keys], 64, "no signed tree head"),
        ([*store, "--witness", head, "--keys", "empty"], 64, "registry.sm2.pub.pem"),
        (["--store", other, "--witness", head, "--keys", keys], 2, "no registry's store"),
        ([*store, "--keys", keys], 64, "--witness"),
        (["--store", other, "--database", "a", "--witness", head], 64, "not both"),
        (["--database", "a", "--host", "db.example.cn", "--witness", head], 64, "--tls-roots"),
        (["--database", "a", "--port", "0", "--witness", head], 64, "--port"),
        (["--password-file", "a", "--witness", head], 64, "need --database"),
    ):
        run = anju("audit", *arguments, folder=tmp_path)
        assert (run.returncode, told in run.stderr) == (code, True), run.stderr


def test_a_database_that_is_none_of_a_registry_s_is_told(stopped, server, registry, tmp_path):
    kept, copies = stopped
    if server is None:
        pytest.skip("of a server")
    more = ["--witness", str(kept / "head.json"), "--keys", str(registry.cluster.keys)]
    for database, told in (("anju", "no registry's store"), ("nowhere", "nowhere")):
        run = anju("audit", *copies.database(database), *more, folder=tmp_path)
        assert (run.returncode, told in run.stderr) == (2, True), run.stderr
