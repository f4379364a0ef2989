"""The composition: who proves himself how, to whom, and what renewing changes."""

import json
import ssl
import subprocess
import time

import grpc
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc

from composed import ENTRIES, ComposedCluster
from conftest import stopping

SECONDS_MAX = 20


@pytest.fixture(scope="module")
def composed(tmp_path_factory):
    cluster = ComposedCluster(tmp_path_factory.mktemp("composed"))
    try:
        with stopping(cluster):
            cluster.start_all()
            yield cluster
            codes = cluster.stop_all()
    finally:
        stopped = cluster.database.stop()
    assert set(codes.values()) == {0}, f"a service did not drain: {codes}"
    assert stopped == 0, cluster.database.log()


def test_one_application_is_walked_and_the_four_databases_agree(composed):
    health = composed.anju("health")
    assert health.stdout.count(": serving") == 4, health.stdout + health.stderr
    walk = composed.anju("walk")
    assert walk.returncode == 0, walk.stdout + walk.stderr
    assert "短信" in walk.stdout
    reconciled = composed.anju("reconcile")
    assert reconciled.returncode == 0, reconciled.stdout + reconciled.stderr
    # It is PostgreSQL that has it, each service's own database.
    for name, table in {"intake": "application", "registry": "permit"}.items():
        counted = composed.database.query(name, f"SELECT count(*) FROM {table}")
        assert int(counted.stdout) >= 1, counted.stderr


@pytest.mark.parametrize(
    "change, told",
    [
        ({"dbname": "anju_approval"}, "no pg_hba.conf entry"),
        ({"dbname": "postgres"}, "no pg_hba.conf entry"),
        ({"sslmode": "disable"}, "no encryption"),
        ({"password": "guessed"}, "password authentication failed"),
        ({"user": "anju_approval", "dbname": "anju_approval"}, "password authentication failed"),
    ],
    ids=lambda value: "-".join(value.values()) if isinstance(value, dict) else "",
)
def test_a_service_reaches_its_own_database_by_tls_and_no_other(composed, change, told):
    refused = composed.database.query("intake", "SELECT 1", **change)
    assert refused.returncode != 0
    assert told in refused.stderr


def test_no_role_of_a_service_has_power_over_the_server(composed):
    powers = "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls"
    for name in composed.ports:
        told = composed.database.query(name, f"{powers} FROM pg_roles WHERE rolname = current_user")
        assert told.stdout.strip() == "f", told.stderr


@pytest.mark.parametrize("name", ["intake", "approval", "notification", "registry"])
def test_only_services_that_people_call_take_callers_without_a_certificate(composed, name):
    roots = (composed.credentials.folder / "anju" / "roots.pem").read_bytes()
    target = f"localhost:{composed.ports[name]}"
    with grpc.secure_channel(target, grpc.ssl_channel_credentials(roots)) as channel:
        stub = health_pb2_grpc.HealthStub(channel)
        try:
            stub.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS_MAX)
            let_in = True
        except grpc.RpcError as error:
            assert error.code() == grpc.StatusCode.UNAVAILABLE, error.details()
            let_in = False
    assert let_in == ("ports" in ENTRIES[name])


def test_a_token_of_another_issuer_or_key_is_not_believed(composed, tmp_path):
    stranger = composed.anju("reconcile", ANJU_ISSUER="anju-development")
    assert stranger.returncode == 1
    assert "TOKEN_INVALID" in stranger.stderr
    stranger = composed.anju("reconcile", ANJU_KEYS=str(tmp_path / "keys"))
    assert stranger.returncode == 1
    assert "TOKEN_INVALID" in stranger.stderr


def test_certificates_are_renewed_under_running_services_and_nothing_else_is(composed):
    before = composed.credentials.texts()
    shown = served(composed.database)
    composed.credentials.renew()
    after = composed.credentials.texts()
    assert set(after) == set(before)
    renewed = {path for path in after if after[path] != before[path]}
    assert renewed == {path for path in after if path.endswith(("certificate.pem", "/key.pem"))}
    for name in composed.ports:
        until(lambda: "new TLS files in use" in composed.log(name))
    composed.database.take()
    composed.database.reload()
    until(lambda: served(composed.database) != shown)
    walk = composed.anju("walk")
    assert walk.returncode == 0, walk.stdout + walk.stderr


def test_a_new_password_holds_from_the_next_start_of_the_database_on(composed):
    database = composed.database
    (composed.credentials.folder / "intake" / "password").unlink()
    composed.credentials.renew()
    database.take()
    assert database.query("intake", "SELECT 1").returncode != 0
    assert database.stop() == 0
    database.start()
    for name in composed.ports:
        until(lambda: json.loads(composed.page(name, "/healthz")[1])["store"] == "ok")
    walk = composed.anju("walk")
    assert walk.returncode == 0, walk.stdout + walk.stderr


def served(database) -> str:
    """The certificate that the database server shows, as openssl sees it."""
    shown = subprocess.run(
        ["openssl", "s_client", "-connect", f"localhost:{database.port}", "-starttls", "postgres"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
    ).stdout
    begin, end = ssl.PEM_HEADER, ssl.PEM_FOOTER
    return shown[shown.index(begin) : shown.index(end) + len(end)]


def until(condition) -> None:
    deadline = time.monotonic() + SECONDS_MAX
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)
