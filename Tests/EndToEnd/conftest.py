"""Fixtures: one running system for the ordinary tests, a fresh one for those that break it."""

import contextlib
import datetime
import os
import random

import pytest

from cluster import Cluster
from walk import Clients


@contextlib.contextmanager
def stopping(cluster: Cluster):
    """Whatever happens, also while it starts, no process outlives the test."""
    try:
        yield
    finally:
        cluster.stop_all()


@pytest.fixture(scope="session")
def cluster(tmp_path_factory):
    """The four executables, shared by the tests that leave them running."""
    cluster = Cluster(tmp_path_factory.mktemp("anju"))
    with stopping(cluster):
        cluster.start_all()
        yield cluster
        codes = cluster.stop_all()
    assert set(codes.values()) == {0}, f"a service did not drain: {codes}"


@pytest.fixture(scope="session")
def clients(cluster):
    clients = Clients(cluster)
    yield clients
    clients.close()


@pytest.fixture
def fresh_cluster(tmp_path):
    """A system of its own for a test that kills."""
    cluster = Cluster(tmp_path)
    with stopping(cluster):
        cluster.start_all()
        yield cluster


@pytest.fixture
def rng(request):
    """Seeded by ANJU_SEED and the test's name; the seed is printed for a failing test."""
    seed = os.environ.get("ANJU_SEED", "1")
    print(f"ANJU_SEED={seed}")
    return random.Random(f"{seed}:{request.node.name}")


@pytest.fixture(scope="session")
def year_ago() -> str:
    """A day of declaration long enough ago for the half year, whatever today is."""
    return (datetime.date.today() - datetime.timedelta(days=400)).isoformat()
