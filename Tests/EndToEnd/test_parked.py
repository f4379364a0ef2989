"""A message that its receiver refuses for good: seen by the operator, mended, and delivered."""

import json
import shutil
import time

import pytest

import people
from cluster import Cluster
from stubs import ROOT
from test_backup import Anju
from walk import Clients, Walk

TEMPLATE = "application_received"
WAIT_SECONDS_MAX = 60


@pytest.fixture
def templateless(tmp_path):
    """A system whose notification service was released without one template."""
    for name in ("intake", "approval", "registry", "notification"):
        shutil.copytree(ROOT / "Services" / "Policy", tmp_path / "policy" / name)
    cluster = Cluster(tmp_path, {"POLICY_DIRECTORY": str(tmp_path / "policy" / "{service}")})
    templates = tmp_path / "policy" / "notification" / "templates.tsv"
    lines = templates.read_text().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(TEMPLATE)]
    assert len(kept) < len(lines)
    templates.write_text("".join(kept))
    try:
        cluster.start_all()
        yield cluster, lambda: templates.write_text("".join(lines))
    finally:
        cluster.stop_all()


def gauge(cluster: Cluster, name: str, destination: str) -> float:
    """What intake's admin port shows for one destination."""
    status, page = cluster.page("intake", "/metrics")
    assert status == 200
    label = f'{name}{{destination="{destination}"}} '
    [line] = [line for line in page.splitlines() if line.startswith(label)]
    return float(line.removeprefix(label))


def wait_for(condition) -> None:
    deadline = time.monotonic() + WAIT_SECONDS_MAX
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)


def test_a_refused_message_is_alarmed_and_delivered_once_mended(templateless, rng, year_ago):
    cluster, mend = templateless
    anju = Anju(cluster)
    clients = Clients(cluster)
    walk = Walk(clients, people.make(rng), rng)
    walk.register(year_ago)
    walk.draft()
    walk.upload()
    walk.submit()

    wait_for(lambda: gauge(cluster, "anju_outbox_parked", "notification") == 1)
    assert gauge(cluster, "anju_outbox_parked", "approval") == 0
    assert gauge(cluster, "anju_outbox_depth", "notification") >= 1
    assert gauge(cluster, "anju_outbox_oldest_age_ms", "notification") >= 0
    listed = anju("parked", "--json")
    assert listed.returncode == 1
    [message] = [json.loads(line) for line in listed.stdout.splitlines()]
    assert (message["service"], message["destination"]) == ("intake", "notification")
    assert "REQUEST_INVALID" in message["reason"]
    status, page = cluster.page("intake", "/healthz")
    assert status == 503 and "anju unpark" in json.loads(page)["parked messages"]
    assert cluster.page("intake", "/readyz")[0] == 200

    # Sent again before its cause is mended, it is refused again.
    assert anju("unpark", "intake").returncode == 0
    wait_for(lambda: anju("parked", "intake").returncode == 1)
    assert not [text for text in cluster.delivered() if walk.application_id in str(text)]

    mend()
    cluster.kill("notification")
    cluster.restart("notification")
    cluster.wait_ready("notification")
    sent = anju("unpark", "intake", "--json")
    assert sent.returncode == 0 and json.loads(sent.stdout) == {"unparked": 1}
    wait_for(lambda: len(cluster.delivered()) == 1)
    wait_for(lambda: gauge(cluster, "anju_outbox_parked", "notification") == 0)
    assert anju("parked").returncode == 0
    wait_for(lambda: cluster.page("intake", "/healthz")[0] == 200)
    clients.close()
