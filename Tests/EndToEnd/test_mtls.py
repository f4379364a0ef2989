"""The four services as in production: TLS between all, services known by their certificates alone,
people by the tokens of a login platform."""

import json
import os
import random
import subprocess
import time
from pathlib import Path

import grpc
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

import people
import tokens
from cluster import SERVICES, Cluster
from stubs import ROOT, pb
from walk import Clients, Walk

SECONDS_MAX = 10


class SecuredCluster(Cluster):
    """Certificates as `deploy/certificates.sh` makes them, and a login platform's key."""

    def __init__(self, folder: Path):
        self.certificates = folder / "certificates"
        self.jwk = ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()), as_dict=True)
        self.jwk |= {"kid": "login", "use": "sig"}
        public = {name: value for name, value in self.jwk.items() if name != "d"}
        (folder / "login.json").write_text(json.dumps({"keys": [public]}))
        super().__init__(
            folder,
            {
                "TLS_CERTIFICATE": str(self.certificates / "{service}" / "certificate.pem"),
                "TLS_KEY": str(self.certificates / "{service}" / "key.pem"),
                "TLS_CLIENT_ROOTS": str(self.certificates / "{service}" / "roots.pem"),
                "TLS_CLIENT_CERTIFICATE": "optional",
                "TLS_CHECK_SECONDS": "1",
                "TOKENS_DEVELOPMENT": "never",
                "TOKENS_KEYS": str(folder / "login.json"),
                "TOKENS_ISSUER": tokens.ISSUER,
            },
        )
        self.renew()

    def renew(self) -> None:
        """New certificates for all services, from the same authority."""
        script = ROOT / "deploy" / "certificates.sh"
        subprocess.run([script, self.certificates], check=True, timeout=60)

    def channel(self, name: str, options=None, shown: str | None = None) -> grpc.Channel:
        """A channel to one service, which shows the certificate of the service `shown`."""
        certificate, key = (
            (self.certificates / shown / file).read_bytes() if shown else None
            for file in ("certificate.pem", "key.pem")
        )
        roots = (self.certificates / "roots.pem").read_bytes()
        credentials = grpc.ssl_channel_credentials(roots, key, certificate)
        return grpc.secure_channel(f"localhost:{self.ports[name]}", credentials, options=options)

    def signer(self) -> tokens.Signer:
        return tokens.Signer(self.jwk)


@pytest.fixture(scope="module")
def secured(tmp_path_factory):
    cluster = SecuredCluster(tmp_path_factory.mktemp("secured"))
    try:
        cluster.start_all()
        yield cluster
        codes = cluster.stop_all()
    finally:
        cluster.stop_all()
    assert set(codes.values()) == {0}, f"a service did not drain: {codes}"


def test_one_application_from_draft_to_text_while_certificates_are_renewed(secured, year_ago):
    clients = Clients(secured)
    rng = random.Random("secured")
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    assert walk.submit().submitted
    secured.renew()
    walk.three_opinions()
    walk.wait_for(pb.intake.APPLICATION_STATE_COMPLETED)
    text = walk.wait_for_text("permit_issued")
    assert text.text.startswith("【")
    clients.close()
    for name in SERVICES:
        until(lambda: "new TLS files in use" in secured.log(name))
        assert "cannot be used" not in secured.log(name)


# Who calls ApprovalService.OpenCase, and what comes of it: the request is empty, so whoever is let
# in is told that.
CALLERS = {
    "intake": grpc.StatusCode.INVALID_ARGUMENT,
    "notification": grpc.StatusCode.PERMISSION_DENIED,
    None: grpc.StatusCode.UNAUTHENTICATED,
}


@pytest.mark.parametrize("caller", CALLERS)
def test_a_service_is_who_its_certificate_says(secured, caller):
    with secured.channel("approval", shown=caller) as channel:
        stub = pb.approval_grpc.ApprovalServiceStub(channel)
        with pytest.raises(grpc.RpcError) as refusal:
            stub.OpenCase(pb.approval.OpenCaseRequest(), timeout=SECONDS_MAX)
    assert refusal.value.code() == CALLERS[caller], refusal.value.details()


@pytest.mark.parametrize("place", ["options", "environment"])
def test_the_command_line_calls_by_tls(secured, place):
    command = [str(secured.bin / "anju"), "health"]
    for name, port in secured.ports.items():
        command += [f"--{name}", f"localhost:{port}"]
    files = {
        "roots": str(secured.certificates / "roots.pem"),
        "certificate": str(secured.certificates / "intake" / "certificate.pem"),
        "key": str(secured.certificates / "intake" / "key.pem"),
    }
    environment = dict(os.environ)
    for name, path in files.items():
        if place == "options":
            command += [f"--tls-{name}", path]
        else:
            environment[f"ANJU_TLS_{name.upper()}"] = path
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count(": serving") == 4


def test_the_command_line_gets_no_answer_in_plaintext(secured):
    command = [str(secured.bin / "anju"), "health", "intake"]
    command += ["--intake", f"127.0.0.1:{secured.ports['intake']}"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert run.returncode == 1
    assert "no answer" in run.stdout


def until(condition) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
