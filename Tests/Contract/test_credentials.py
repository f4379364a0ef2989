"""What `deploy/credentials.sh` makes, as openssl and PyJWT see it."""

import json
import os
import stat
import subprocess

import jwt
import pytest

from executables import BIN, PRODUCTS, ROOT

DEPLOY = ROOT / "deploy"
SERVERS = [*PRODUCTS, "database"]


def run(folder, names: str = "") -> subprocess.CompletedProcess:
    """Runs the script as the image does, where its helpers have other names."""
    commands = folder.with_name("commands")
    commands.mkdir(exist_ok=True)
    for name, file in {"anju": BIN / "anju", "anju-certificates": DEPLOY / "certificates.sh"}.items():
        if not (commands / name).exists():
            (commands / name).symlink_to(file)
    path = f"{commands}:{os.environ['PATH']}"
    return subprocess.run(
        [DEPLOY / "credentials.sh", folder], capture_output=True, text=True, timeout=60,
        env={**os.environ, "PATH": path, "ANJU_NAMES": names},
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "authority"
    told = run(folder, "intake=apply.example.cn database=db.example.cn")
    assert told.returncode == 0, told.stderr
    return folder


def openssl(*arguments) -> subprocess.CompletedProcess:
    return subprocess.run(["openssl", *arguments], capture_output=True, text=True, timeout=20)


def verify(folder, owner: str, *conditions: str) -> bool:
    place = folder / owner
    told = openssl(
        "verify", "-x509_strict", "-CAfile", place / "roots.pem", *conditions,
        place / "certificate.pem",
    )
    return told.returncode == 0


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_is_known_by_its_names_and_no_other(made, server):
    for name in (server, "localhost"):
        assert verify(made, server, "-purpose", "sslserver", "-verify_hostname", name)
    assert verify(made, server, "-purpose", "sslserver", "-verify_ip", "127.0.0.1")
    given = {"intake": "apply.example.cn", "database": "db.example.cn"}
    for owner, name in given.items():
        known = verify(made, server, "-verify_hostname", name)
        assert known == (owner == server), f"{server} by {name}"


def test_a_service_calls_with_its_certificate_and_the_database_calls_nobody(made):
    for owner in [*SERVERS, "anju"]:
        assert verify(made, owner, "-purpose", "sslclient") == (owner != "database"), owner
        text = openssl("x509", "-in", made / owner / "certificate.pem", "-noout", "-text").stdout
        uri = f"URI:spiffe://anju/service/{owner}"
        assert (uri in text) == (owner in PRODUCTS), owner
        assert text.count("spiffe:") == (1 if owner in PRODUCTS else 0), owner
    assert not verify(made, "anju", "-purpose", "sslserver")


def test_each_folder_has_what_its_owner_needs_and_nothing_more(made):
    own = {"certificate.pem", "key.pem", "roots.pem"}
    expected = {name: own | {"password", "login.json"} for name in PRODUCTS}
    expected["database"] = own | {f"{name}.password" for name in PRODUCTS}
    expected["anju"] = own | {"development.jwk"}
    found = {path.name for path in made.iterdir() if path.is_file()}
    assert found == {"roots.key", "roots.pem"}
    for owner, files in expected.items():
        assert {path.name for path in (made / owner).iterdir()} == files
    for path in made.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, f"others may read {path}"
    passwords = {(made / name / "password").read_text() for name in PRODUCTS}
    assert len(passwords) == len(PRODUCTS)
    for name in PRODUCTS:
        given = (made / "database" / f"{name}.password").read_text()
        assert given == (made / name / "password").read_text()
        assert len(given.strip()) == 32


@pytest.mark.parametrize("name", PRODUCTS)
def test_the_login_s_tokens_are_verified_with_what_services_read(made, name):
    made_by = subprocess.run(
        [BIN / "anju", "token", "auditor", "--id", "a", "--keys", made / "anju"],
        env={**os.environ, "ANJU_ISSUER": "anju-trial"}, capture_output=True, text=True, timeout=20,
    )
    token = made_by.stdout.strip()
    assert made_by.returncode == 0, made_by.stderr
    text = (made / name / "login.json").read_text()
    assert '"d"' not in text
    [key] = jwt.PyJWKSet(json.loads(text)["keys"]).keys
    assert key.key_id == jwt.get_unverified_header(token)["kid"]
    claims = jwt.decode(
        token, key.key, algorithms=["ES256"], audience="anju", issuer="anju-trial"
    )
    assert claims["kind"] == "auditor"


@pytest.mark.parametrize("names", ["intake", "anju=a.example.cn", "=a", "registry="])
def test_a_name_that_is_for_no_server_is_refused(tmp_path, names):
    told = run(tmp_path / "authority", names)
    assert told.returncode == 64
    assert "usage: certificates.sh" in told.stderr
    assert not (tmp_path / "authority").exists()


def test_an_authority_that_was_cut_short_is_made_anew(made, tmp_path):
    folder = tmp_path / "authority"
    folder.mkdir()
    (folder / "roots.key.new").write_text("half a k")
    (folder / "roots.pem").write_text("")
    assert run(folder).returncode == 0
    assert verify(folder, "intake", "-purpose", "sslserver")
    # Another authority's certificates are nobody's here.
    foreign = openssl("verify", "-CAfile", folder / "roots.pem", made / "intake" / "certificate.pem")
    assert foreign.returncode != 0
