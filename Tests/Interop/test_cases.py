"""Every case with both ends ours, and with one end the gRPC project's own C++."""

import pytest

from cases import CASES, cpp_client, our_client
from certificates import Certificates



@pytest.mark.parametrize("case", CASES)
def test_our_client_and_our_server(server, case):
    our_client(server, case)


@pytest.mark.parametrize("case", CASES)
def test_our_client_and_our_server_over_tls(tls_server, certificates, case):
    our_client(tls_server, case, *certificates.our_client())


def test_our_client_refuses_a_server_of_another_authority(tls_server, tmp_path):
    others = Certificates(tmp_path)
    with pytest.raises(AssertionError, match="empty_unary failed"):
        our_client(tls_server, "empty_unary", *others.our_client())


def test_our_client_refuses_a_server_of_another_name(tls_server, certificates):
    flags = [*certificates.our_client(), "--server_host_override=other.test"]
    with pytest.raises(AssertionError, match="empty_unary failed"):
        our_client(tls_server, "empty_unary", *flags)


@pytest.mark.parametrize("case", CASES)
def test_our_client_and_the_cpp_server(cpp, case):
    our_client(cpp, case)


@pytest.mark.parametrize("case", CASES)
def test_the_cpp_client_and_our_server(server, case):
    cpp_client(server, case)
