"""What a person may ask for, over gRPC: a copy of all that is kept about him, checked with nothing
of ours (hashlib, openssl, RFC 9162), and which platforms were told; why he is not erased yet."""

import hashlib
import json
import random
import time

import grpc
import pytest

import people
import rfc9162
from cluster import Cluster, free_port
from logged import CALL_SECONDS_MAX, Registry, issue
from sink import Sink, serve
from stubs import pb
from test_access import reason
from test_feed import wait_for
from test_log import openssl_verifies
from walk import registration


class World:
    """A registry that tells a platform, and two persons, each with a registration and a permit."""

    def __init__(self, cluster: Cluster, folder, port: int):
        self.cluster = cluster
        stub = pb.registry_grpc.CertificateRegistryServiceStub(cluster.channel("registry"))
        self.registry = Registry(cluster, stub, folder, [])
        rng = random.Random("subject")
        self.people = [people.make(rng) for _ in range(2)]
        for number, person in enumerate(self.people):
            request = registration(person, "2025-01-15", rng)
            self.registry.call("RecordRegistration", request, "service", "intake")
            issue(self.registry, person, number)
        self.server = serve(sink := Sink(folder / "platform"), port)
        wait_for(sink, 4)

    def own(self, person: people.Person, **claims) -> list[tuple[str, str]]:
        claims = {"face_at": int(time.time())} | claims
        return self.cluster.signer().caller("applicant", "own", person=person.citizen_id, **claims)

    def officer(self, office: str = "330106500000", role: str = "data_protection"):
        return self.cluster.signer().caller("officer", "dpo", office=office, role=role)

    def export(self, caller, **request):
        """The file and its manifest."""
        asked = pb.registry.ExportPersonRequest(**request)
        parts = list(
            self.registry.stub.ExportPerson(asked, metadata=caller, timeout=CALL_SECONDS_MAX)
        )
        assert [part.HasField("manifest") for part in parts] == [False] * (len(parts) - 1) + [True]
        return b"".join(part.data for part in parts), parts[-1].manifest


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("subject")
    port = free_port()
    cluster = Cluster(folder, {"FEED_SINKS": f"data-platform=127.0.0.1:{port}"})
    try:
        cluster.start("registry")
        cluster.wait_ready("registry")
        world = World(cluster, folder, port)
        yield world
        world.server.stop(None).wait()
    finally:
        cluster.stop_all()


def test_the_copy_is_whole_and_each_leaf_in_it_is_proved(world, tmp_path):
    person, other = world.people
    data, manifest = world.export(world.own(person))
    said = json.loads(manifest.manifest)
    assert hashlib.sha256(data).hexdigest() == said["sha256"] == manifest.sha256.hex()
    lines = [json.loads(line) for line in data.splitlines()]
    assert len(lines) == said["line_count"] and len(data) == said["size_bytes"]
    assert openssl_verifies(
        tmp_path, manifest.manifest, manifest.signature, manifest.public_key_pem
    )

    text = data.decode()
    assert person.citizen_id in text and person.name in text and person.phone in text
    assert other.citizen_id not in text and other.phone not in text
    header, rows = lines[0], lines[1:]
    root = bytes.fromhex(json.loads(header["head"])["root"])
    entries = [row["kept"] for row in rows if row["table"] == "log_entry"]
    assert len(entries) == 2
    for entry in entries:
        leaf = bytes.fromhex(entry["salt"]) + entry["record"].encode()
        assert rfc9162.leaf_hash(leaf).hex() == entry["leaf_hash"]
        index, size = entry["leaf_index"], json.loads(header["head"])["size"]
        proof = world.registry.proof(size, leaf_index=index)
        assert rfc9162.included(leaf, index, size, list(proof.path), root)
    told = [row["kept"] for row in rows if row["table"] == "feed_provision"]
    assert sorted((row["receiver"], row["leaf_index"]) for row in told) == sorted(
        ("data-platform", entry["leaf_index"]) for entry in entries
    )


def test_who_was_given_a_copy_is_in_the_next_one(world):
    person = world.people[1]
    world.export(world.officer(), citizen_id=person.citizen_id, reference="2026-1")
    data, _ = world.export(world.own(person))
    rows = [json.loads(line) for line in data.splitlines()[1:]]
    looks = [row["kept"] for row in rows if row["table"] == "provision"]
    assert [(look["verifier"], look.get("reference")) for look in looks] == [
        ("officer:dpo", "2026-1"),
        ("applicant", None),
    ]


def test_nobody_else_gets_one(world):
    person, other = world.people
    asked = dict(citizen_id=person.citizen_id)
    for caller, request, expected in (
        (world.own(person, face_at=1), {}, "FACE_CHECK_NEEDED"),
        (world.own(other), asked, "PERSON_NOT_FOUND"),
        (world.officer(role="accept"), asked | {"reference": "1"}, "CALLER_NOT_ALLOWED"),
        (world.officer("330102500000"), asked | {"reference": "1"}, "OFFICER_WRONG_OFFICE"),
    ):
        with pytest.raises(grpc.RpcError) as error:
            world.export(caller, **request)
        assert reason(error.value) == expected


def test_whoever_holds_a_permit_is_not_erased(world):
    person = world.people[0]
    request = pb.registry.ErasePersonRequest(
        idempotency_key="erase-key-of-a-person", ground=pb.registry.ERASURE_GROUND_OWN_REQUEST
    )
    with pytest.raises(grpc.RpcError) as error:
        world.registry.stub.ErasePerson(
            request, metadata=world.own(person), timeout=CALL_SECONDS_MAX
        )
    assert reason(error.value) == "ERASURE_NOT_YET"
    data, _ = world.export(world.own(person))
    assert person.citizen_id in data.decode()
