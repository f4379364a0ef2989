"""A certificate authority that lives as long as the tests, and one server certificate of it."""

import datetime
import ipaddress
from pathlib import Path

import grpc
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

PEM = serialization.Encoding.PEM
DAY = datetime.timedelta(days=1)


class Certificates:
    """PEM files in a folder: `ca.pem`, `server.pem`, `server.key`. The server is good for its
    address, and for the name by which the gRPC project's tests call one."""

    NAME = "foo.test.google.fr"

    def __init__(self, folder: Path):
        self.roots, self.certificate, self.key = (
            folder / name for name in ("ca.pem", "server.pem", "server.key"))
        authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        authority = self._build("Test authority", authority_key, None, None)
        certificate = self._build(self.NAME, key, authority, authority_key)
        self.roots.write_bytes(authority.public_bytes(PEM))
        self.certificate.write_bytes(certificate.public_bytes(PEM))
        self.key.write_bytes(key.private_bytes(
            PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))

    @classmethod
    def _build(cls, name: str, key, issuer, issuer_key) -> x509.Certificate:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        now = datetime.datetime.now(datetime.timezone.utc)
        builder = (
            x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
            .issuer_name(issuer.subject if issuer else subject)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - DAY).not_valid_after(now + 30 * DAY)
            .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), True))
        if issuer:
            names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
            builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
        return builder.sign(issuer_key or key, hashes.SHA256())

    def our_server(self) -> list[str]:
        return ["--tls", "--cert", str(self.certificate), "--key", str(self.key)]

    def our_client(self) -> list[str]:
        return ["--use_tls=true", f"--ca_file={self.roots}", f"--server_host_override={self.NAME}"]

    def grpcio_server(self) -> grpc.ServerCredentials:
        return grpc.ssl_server_credentials(
            [(self.key.read_bytes(), self.certificate.read_bytes())])

    def grpcio_client(self) -> grpc.ChannelCredentials:
        return grpc.ssl_channel_credentials(self.roots.read_bytes())
