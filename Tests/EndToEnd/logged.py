"""A registry of its own whose transparency log is checked, and `anju` beside it."""

import datetime
import hashlib
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import grpc

import people
from cluster import Cluster
from stubs import ROOT, pb
from walk import BUREAU, RESIDENCE, identity

BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug")).resolve()
CALL_SECONDS_MAX = 30


@dataclass
class Registry:
    """A registry of its own, and what was done with it: permits and a registration."""

    cluster: Cluster
    stub: object
    folder: Path
    permits: list

    def caller(self, kind: str, name: str) -> list[tuple[str, str]]:
        return self.cluster.signer().caller(kind, name)

    def call(self, method: str, request, kind="integrator", name="verifier"):
        stub = getattr(self.stub, method)
        caller = self.caller(kind, name)
        # A registry that was restarted is waited for.
        return stub(request, metadata=caller, timeout=CALL_SECONDS_MAX, wait_for_ready=True)

    def head(self, size: int = 0):
        return self.call("GetTreeHead", pb.registry.GetTreeHeadRequest(tree_size=size)).head

    def proof(self, size: int = 0, kind="integrator", **leaf):
        request = pb.registry.GetInclusionProofRequest(tree_size=size, **leaf)
        return self.call("GetInclusionProof", request, kind)

    def sizes(self) -> list[int]:
        """Those of the signed heads: whoever asks for another size is told the next one."""
        newest, sizes, size = self.head().tree_size, [], 1
        while size <= newest:
            try:
                sizes.append(self.head(size).tree_size)
            except grpc.RpcError as error:
                assert error.code() == grpc.StatusCode.NOT_FOUND
            size += 1
        return sizes


def issue(registry: Registry, holder: people.Person, number: int):
    request = pb.registry.IssuePermitRequest(
        idempotency_key=f"issue-permit-number-{number}",
        application_id=f"application-{number}",
        case_id=f"case-{number}",
        holder=identity(holder),
        residence=pb.model.Address(**RESIDENCE),
        phone=holder.phone,
        photo_sha256=hashlib.sha256(b"photo").digest(),
        bureau_code=BUREAU,
        issued_on=datetime.date.today().isoformat(),
        actor="officer:p1",
        actor_office=BUREAU,
        policy_version="zhejiang-1",
    )
    answer = registry.call("IssuePermit", request, "service", "approval")
    assert registry.call("IssuePermit", request, "service", "approval").permit == answer.permit
    return answer


def anju(*arguments: str, registry: Registry | None = None, folder: Path):
    command = [BIN / "anju", *arguments]
    if registry:
        command += ["--registry", registry.cluster.addresses("registry")]
        command += ["--keys", registry.cluster.keys]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
