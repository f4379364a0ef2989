"""A certificate for the servers of one row, and what their clients trust."""
import contextlib
import os
import subprocess
import tempfile
from dataclasses import dataclass

import grpc


@dataclass
class Certificate:
    """The files of a certificate that is its own root, and of its key."""

    chain: str
    key: str

    def credentials(self):
        with open(self.chain, "rb") as file:
            return grpc.ssl_channel_credentials(file.read())


@contextlib.contextmanager
def certificate():
    """ECDSA P-256, for loopback."""
    with tempfile.TemporaryDirectory() as folder:
        made = Certificate(os.path.join(folder, "chain.pem"), os.path.join(folder, "key.pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-keyout", made.key, "-out", made.chain, "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
            check=True, stderr=subprocess.DEVNULL)
        yield made
