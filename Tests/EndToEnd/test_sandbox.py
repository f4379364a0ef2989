"""The sandbox: sample persons, automatic officers, and a clock that can be moved by years."""

import json
import re
import subprocess
import time

import pytest

from cluster import Cluster
from conftest import stopping
from stubs import ROOT
from walk import JPEG

WAIT_SECONDS = 30


class Sandbox:
    """The four services on a clock of their own, and `anju` against them."""

    def __init__(self, folder):
        self.cluster = Cluster(folder, {"SANDBOX_CLOCK": str(folder / "clock")})
        self.folder = folder

    def anju(self, *arguments: str, code: int = 0) -> list[dict]:
        command = [str(self.cluster.bin / "anju"), *arguments, "--json"]
        if arguments[0] != "clock":
            command += ["--keys", str(self.cluster.keys)]
            for service in self.cluster.replicas:
                command += [f"--{service}", self.cluster.addresses(service)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=90)
        assert result.returncode == code, result.stderr
        return [json.loads(line) for line in result.stdout.splitlines()]

    def apply(self, person: dict, *options: str) -> str:
        """First permit of a sample person, with the form that Tools/Anju/README.md shows."""
        readme = (ROOT / "Tools" / "Anju" / "README.md").read_text()
        form = json.loads(re.search(r"```json\n(.*?)```", readme, re.DOTALL).group(1))
        number = person["citizen_id"]
        form["applicant"]["citizen_id"] = number
        form["applicant"]["name"] = person["name"]
        form["applicant"]["sex"] = "male" if int(number[16]) % 2 else "female"
        for material in form["materials"]:
            is_pdf = material["file"].endswith(".pdf")
            (self.folder / material["file"]).write_bytes(
                b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n" if is_pdf else JPEG)
        path = self.folder / "form.json"
        path.write_text(json.dumps(form, ensure_ascii=False))
        return self.anju("submit", str(path), *options)[0]["application_id"]

    def state(self, permit: str) -> str:
        return self.anju("permit", permit)[0]["state"]


@pytest.fixture
def sandbox(tmp_path, monkeypatch):
    monkeypatch.setenv("REGISTRY_ISSUING_CLOCK_AHEAD_DAYS", "36500")
    monkeypatch.setenv("ANJU_CLOCK", str(tmp_path / "clock"))
    sandbox = Sandbox(tmp_path)
    with stopping(sandbox.cluster):
        sandbox.cluster.start_all()
        yield sandbox


def wait_until(answer):
    deadline = time.monotonic() + WAIT_SECONDS
    while not (found := answer()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.1)
    return found


def test_sample_persons_officers_and_years(sandbox):
    persons = sandbox.anju("seed")
    permits = [each["certificate_identifier"] for each in persons]
    states = [sandbox.state(each) for each in permits if each]
    assert states == ["endorsement_window", "suspended", "valid", "lost"]
    assert sandbox.anju("seed") == persons

    # One may have a permit; for the other, half a year is not over, and the script refuses him.
    accepted = sandbox.apply(persons[0])
    refused = sandbox.apply(persons[1], "--acknowledge-findings")
    script = sandbox.folder / "officers.tsv"
    script.write_text(f"{persons[1]['citizen_id']}\tapprove\trefuse\t-\n")

    def decided():
        sandbox.anju("officers", "--once", "--script", str(script), "--pause", "50")
        ends = [sandbox.anju("show", each)[0]["state"] for each in (accepted, refused)]
        return ends == ["completed", "refused"]

    wait_until(decided)
    permit = sandbox.anju("seed")[0]["certificate_identifier"]
    assert sandbox.state(permit) == "valid"

    sandbox.anju("clock", "--forward", "350d")
    wait_until(lambda: sandbox.state(permit) == "endorsement_window")
    sandbox.anju("clock", "--forward", "40d")
    wait_until(lambda: sandbox.state(permit) == "suspended")
    wait_until(lambda: any(
        each["template_id"] == "permit_suspended" and each["reference"] == accepted
        for each in sandbox.anju("messages")))


def test_the_clock_goes_forward_only(sandbox):
    ahead = sandbox.anju("clock", "--forward", "2d")[0]["ahead_seconds"]
    assert ahead == 2 * 86_400
    sandbox.anju("clock", "--to", "2020-01-01T00:00:00+08:00", code=64)
    assert sandbox.anju("clock")[0]["ahead_seconds"] == ahead


def test_a_service_that_others_reach_has_no_clock_to_move(tmp_path):
    cluster = Cluster(tmp_path, {"SANDBOX_CLOCK": "clock", "LISTEN_HOST": "0.0.0.0"})
    with stopping(cluster):
        cluster.start("notification")
        assert cluster.processes["notification"].wait(timeout=30) == 78
        assert "a clock that can be moved is for loopback only" in cluster.log("notification")
