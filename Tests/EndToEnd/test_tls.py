"""TLS and mTLS on a real service, with clients that are not ours: grpcio, Python's ssl, openssl."""

import contextlib
import datetime
import json
import re
import socket
import ssl
import subprocess
import threading
import time

import grpc
import pytest
from cryptography import x509
from grpc_health.v1 import health_pb2, health_pb2_grpc

from certificates import NAMES, YEAR, Authority, Pair, service_uri
from cluster import SERVICES, Cluster

NAME = "notification"
SECONDS_MAX = 10


class Secured:
    """One service by TLS, and clients of it."""

    def __init__(self, cluster: Cluster, authority: Authority, server: Pair):
        self.cluster = cluster
        self.authority = authority
        self.server = server
        self.port = cluster.ports[NAME]

    def channel(self, roots: bytes | None = None, client: Pair | None = None) -> grpc.Channel:
        certificate, key = client.bytes if client else (None, None)
        credentials = grpc.ssl_channel_credentials(
            roots or self.authority.roots.read_bytes(), key, certificate
        )
        return grpc.secure_channel(f"localhost:{self.port}", credentials)

    def code(self, channel: grpc.Channel) -> grpc.StatusCode:
        """How one call ends."""
        try:
            check(channel)
            return grpc.StatusCode.OK
        except grpc.RpcError as error:
            return error.code()
        finally:
            channel.close()

    def serial(self) -> int:
        """Of the certificate that a new connection sees."""
        context = ssl.create_default_context(cafile=str(self.authority.roots))
        context.set_alpn_protocols(["h2"])
        with socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS_MAX) as plain:
            with context.wrap_socket(plain, server_hostname="localhost") as secured:
                shown = secured.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(shown).serial_number

    def log(self) -> str:
        return (self.cluster.folder / f"{NAME}.log").read_text()


def check(channel: grpc.Channel) -> None:
    stub = health_pb2_grpc.HealthStub(channel)
    answer = stub.Check(health_pb2.HealthCheckRequest(), timeout=SECONDS_MAX)
    assert answer.status == health_pb2.HealthCheckResponse.SERVING


@contextlib.contextmanager
def secured(folder, **settings):
    """A service that speaks TLS, and what else `settings` say; `{roots}` in them is filled in."""
    authority = Authority(folder / "authority")
    server = authority.issue("server")
    files = {"TLS_CERTIFICATE": server.certificate, "TLS_KEY": server.key}
    settings = {k: v.format(roots=authority.roots) for k, v in settings.items()}
    cluster = Cluster(folder, {k: str(v) for k, v in (files | settings).items()})
    try:
        cluster.start(NAME)
        cluster.wait_ready(NAME)
        yield Secured(cluster, authority, server)
    finally:
        cluster.stop_all()


@pytest.fixture(scope="module")
def one_way(tmp_path_factory):
    """The server shows a certificate, its clients do not."""
    with secured(tmp_path_factory.mktemp("tls")) as service:
        yield service


@pytest.fixture(scope="module")
def mutual(tmp_path_factory):
    """Clients must show one too."""
    with secured(tmp_path_factory.mktemp("mtls"), TLS_CLIENT_ROOTS="{roots}") as service:
        yield service


def eventually(condition) -> bool:
    deadline = time.monotonic() + SECONDS_MAX
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.05)
    return False


def s_client(service: Secured, *arguments: str) -> str:
    """What `openssl s_client` says of a handshake."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{service.port}"]
    command += ["-servername", "localhost", "-CAfile", str(service.authority.roots)]
    result = subprocess.run(
        [*command, *arguments],
        input="",
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS_MAX,
    )
    return result.stdout + result.stderr


def test_grpcio_calls_by_tls(one_way):
    assert one_way.code(one_way.channel()) == grpc.StatusCode.OK


def test_openssl_sees_tls_1_3_and_h2(one_way):
    said = s_client(one_way, "-alpn", "h2", "-verify_return_error")
    assert "New, TLSv1.3, Cipher is TLS_AES_" in said
    assert "ALPN protocol: h2" in said
    assert "Verify return code: 0 (ok)" in said


def test_tls_1_2_is_refused(one_way):
    said = s_client(one_way, "-alpn", "h2", "-tls1_2")
    assert "alert protocol version" in said


def test_tls_1_2_is_spoken_where_it_is_allowed(tmp_path):
    with secured(tmp_path, TLS_OLDEST="1.2") as service:
        said = s_client(service, "-alpn", "h2", "-tls1_2")
        assert "New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384" in said
        assert "ALPN protocol: h2" in said
        said = s_client(service, "-alpn", "h2", "-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA")
        assert "handshake failure" in said
        assert service.code(service.channel()) == grpc.StatusCode.OK


@pytest.mark.parametrize("protocols", [["http/1.1"], []])
def test_a_client_that_does_not_speak_h2_is_closed(one_way, protocols):
    context = ssl.create_default_context(cafile=str(one_way.authority.roots))
    if protocols:
        context.set_alpn_protocols(protocols)
    with socket.create_connection(("127.0.0.1", one_way.port), timeout=SECONDS_MAX) as plain:
        with context.wrap_socket(
            plain, server_hostname="localhost", suppress_ragged_eofs=True
        ) as connection:
            assert connection.selected_alpn_protocol() is None
            assert connection.recv(1) == b""


def test_plaintext_gets_no_answer(one_way):
    channel = grpc.insecure_channel(f"127.0.0.1:{one_way.port}")
    assert one_way.code(channel) == grpc.StatusCode.UNAVAILABLE


def test_a_client_that_trusts_another_authority_is_not_served(one_way, tmp_path):
    other = Authority(tmp_path / "other")
    channel = one_way.channel(roots=other.roots.read_bytes())
    assert one_way.code(channel) == grpc.StatusCode.UNAVAILABLE


def test_a_client_with_its_certificate_is_served(mutual):
    client = mutual.authority.issue("client", [service_uri("intake")])
    assert mutual.code(mutual.channel(client=client)) == grpc.StatusCode.OK


def test_a_client_without_a_certificate_is_turned_away(mutual):
    assert mutual.code(mutual.channel()) == grpc.StatusCode.UNAVAILABLE
    assert eventually(lambda: "peer did not return a certificate" in mutual.log())


@pytest.mark.parametrize("kind", ["of another authority", "expired"])
def test_a_client_with_a_wrong_certificate_is_turned_away(mutual, tmp_path, kind):
    if kind == "expired":
        client = mutual.authority.issue("expired", lifetime=-datetime.timedelta(days=1))
    else:
        client = Authority(tmp_path / "other").issue("client")
    assert mutual.code(mutual.channel(client=client)) == grpc.StatusCode.UNAVAILABLE


def test_a_certificate_may_be_left_to_the_client(tmp_path):
    settings = {"TLS_CLIENT_ROOTS": "{roots}", "TLS_CLIENT_CERTIFICATE": "optional"}
    with secured(tmp_path, **settings) as service:
        assert service.code(service.channel()) == grpc.StatusCode.OK
        client = service.authority.issue("client")
        assert service.code(service.channel(client=client)) == grpc.StatusCode.OK
        stranger = Authority(tmp_path / "other").issue("client")
        assert service.code(service.channel(client=stranger)) == grpc.StatusCode.UNAVAILABLE


def test_a_session_is_resumed_by_its_ticket_with_its_certificate(mutual, tmp_path):
    client = mutual.authority.issue("resuming")
    shown = ["-cert", str(client.certificate), "-key", str(client.key), "-alpn", "h2"]
    ticket = tmp_path / "ticket"
    # The ticket comes after the handshake, so the connection stays open until it is there.
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{mutual.port}", *shown]
    with subprocess.Popen(
        [*command, "-sess_out", str(ticket)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert eventually(lambda: ticket.exists() and ticket.stat().st_size > 0)
        process.stdin.close()
        process.wait(timeout=SECONDS_MAX)
    assert "Reused, TLSv1.3" in s_client(mutual, *shown, "-sess_in", str(ticket))


def test_a_new_certificate_is_taken_while_calls_run(tmp_path):
    """No call is lost, and a new connection sees the new certificate."""
    with secured(tmp_path, TLS_CHECK_SECONDS="1") as service:
        assert service.serial() == service.server.serial
        channel = service.channel()
        stopping = threading.Event()
        done: list[int] = []
        failed: list[Exception] = []

        def call() -> None:
            while not stopping.is_set():
                try:
                    check(channel)
                    done.append(1)
                except grpc.RpcError as error:
                    failed.append(error)
                    return

        callers = [threading.Thread(target=call) for _ in range(4)]
        for caller in callers:
            caller.start()
        for _ in range(3):
            renewed = service.authority.issue("server")
            before = len(done)
            assert eventually(lambda: service.serial() == renewed.serial), service.log()
            assert eventually(lambda: len(done) > before)
        stopping.set()
        for caller in callers:
            caller.join(timeout=SECONDS_MAX)
        channel.close()
        assert not failed, failed
        assert "cannot be used" not in service.log()


def test_a_broken_certificate_is_told_and_the_one_before_is_kept(tmp_path):
    with secured(tmp_path, TLS_CHECK_SECONDS="1") as service:
        before = service.server.serial
        service.server.certificate.write_text("nothing")
        assert eventually(lambda: "cannot be used" in service.log())
        [line] = [json.loads(x) for x in service.log().splitlines() if "cannot be used" in x]
        assert line["tls.file"] == str(service.server.certificate)
        assert line["error"] == "no certificate in PEM can be read from it"
        assert service.serial() == before
        status, page = service.cluster.page(NAME, "/healthz")
        assert status == 503
        assert "no certificate in PEM" in json.loads(page)["certificate"]
        # Whether it serves is another question.
        assert service.cluster.page(NAME, "/readyz")[0] == 200


def test_metrics_tell_when_the_certificate_expires(one_way):
    status, page = one_way.cluster.page(NAME, "/metrics")
    assert status == 200
    [value] = re.findall(r"^tls_certificate_expiry_timestamp_seconds (\S+)$", page, re.MULTILINE)
    certificate = x509.load_pem_x509_certificate(one_way.server.certificate.read_bytes())
    assert float(value) == certificate.not_valid_after_utc.timestamp()
    assert json.loads(one_way.cluster.page(NAME, "/healthz")[1])["certificate"] == "ok"


def start(tmp_path, **settings) -> tuple[int, str]:
    """The exit code and the words of a service that cannot start with these settings."""
    cluster = Cluster(tmp_path, settings)
    environment = cluster.environment(NAME)
    run = subprocess.run(
        [cluster.bin / SERVICES[NAME]],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
    )
    return run.returncode, run.stderr


def test_settings_that_do_not_fit_together_are_all_told(tmp_path):
    code, said = start(
        tmp_path,
        LISTEN_HOST="0.0.0.0",
        TLS_CLIENT_ROOTS="roots.pem",
        TLS_PEER_ROOTS="roots.pem",
        TLS_OLDEST="1.1",
    )
    assert code == 78
    assert "4 problems in the configuration" in said
    assert "notification.tls.client.roots is set, but not notification.tls.certificate" in said
    assert "notification.tls.peer.roots is set, but not notification.tls.certificate" in said
    assert "NOTIFICATION_TLS_OLDEST cannot be \"1.1\"" in said
    assert "notification.listen.host is 0.0.0.0, which others reach: set notification.tls" in said
    code, said = start(tmp_path, TLS_KEY="server.key")
    assert code == 78
    assert "notification.tls.key is set, but not notification.tls.certificate" in said


def test_a_file_that_is_not_there_ends_the_start(tmp_path):
    authority = Authority(tmp_path / "authority")
    pair = authority.issue("server", NAMES, YEAR)
    gone = str(tmp_path / "gone.pem")
    code, said = start(tmp_path, TLS_CERTIFICATE=gone, TLS_KEY=str(pair.key))
    assert code == 1
    assert f"{gone}: No such file or directory" in said
