"""`anju` and the README's commands against the running services."""

import json
import os
import re
import subprocess
import sys

import jwt
import pytest

import people
from stubs import ROOT
from walk import BUREAU, JPEG


@pytest.fixture
def anju(cluster):
    """Runs `anju` against the cluster; returns exit code, standard output and standard error."""

    def run(*arguments: str, cwd=None):
        command = [str(cluster.bin / "anju"), *arguments, "--keys", str(cluster.keys)]
        if arguments[0] != "token":
            for service in cluster.replicas:
                command += [f"--{service}", cluster.addresses(service)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=90, cwd=cwd)
        return result.returncode, result.stdout, result.stderr

    return run


def lines(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def form_file(tmp_path, rng):
    """The form that Tools/Anju/README.md shows, for a person of its own, with its materials."""
    readme = (ROOT / "Tools" / "Anju" / "README.md").read_text()
    form = json.loads(re.search(r"```json\n(.*?)```", readme, re.DOTALL).group(1))
    person = people.make(rng)
    form["applicant"]["citizen_id"] = person.citizen_id
    form["applicant"]["sex"] = "male" if person.sex == 1 else "female"
    form["phone"] = person.phone
    for material in form["materials"]:
        data = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
        (tmp_path / material["file"]).write_bytes(
            data if material["file"].endswith(".pdf") else JPEG
        )
    path = tmp_path / "form.json"
    path.write_text(json.dumps(form, ensure_ascii=False))
    return path


def test_walk_shows_each_step(anju):
    code, output, error = anju("walk")
    assert code == 0, error
    for sign in ("SubmitApplication", "RecordOpinion", "签发日期", "短信", "【"):
        assert sign in output
    assert output.count("RecordOpinion") == 3


def test_submit_decide_show(anju, cluster, form_file, year_ago, tmp_path):
    station = "330106500000"
    code, _, error = anju(
        "register", str(form_file), "--declared-on", year_ago, "--office", station
    )
    assert code == 0, error
    code, output, error = anju("submit", str(form_file), "--json")
    assert code == 0, error + output
    [receipt] = lines(output)
    assert receipt["submitted"]
    number = receipt["application_number"]
    code, output, _ = anju("show", number, "--json")
    station = find_station(anju, number)
    for role, office, officer in (
        ("accept", station, "police1"),
        ("review", station, "police2"),
        ("approve", BUREAU, "police3"),
    ):
        who = ["--role", role, "--office", office, "--officer", officer]
        [case] = [c for c in work(anju, who) if c["application_number"] == number]
        code, output, error = anju("opinion", case["case_id"], "--decision", "pass", *who)
        assert code == 0, error
    code, output, error = anju("watch", number, "--json")
    assert code == 0, error
    last = lines(output)[-1]
    assert last["state"] == "completed"
    identifier = last["certificate_identifier"]
    code, output, error = anju("permit", identifier, "--export", str(tmp_path / "permit"))
    assert code == 0, error
    assert identifier in output
    assert {p.name for p in (tmp_path / "permit").iterdir()} == {
        "document.json",
        "signature.der",
        "key.pem",
        "proof.json",
        "head.json",
    }
    verified = subprocess.run(
        [cluster.bin / "anju", "verify", "document.json", "--signature", "signature.der"]
        + ["--key", "key.pem", "--proof", "proof.json", "--head", "head.json", "--json"],
        cwd=tmp_path / "permit",
        capture_output=True,
        text=True,
        timeout=30,
    )
    [verdict] = lines(verified.stdout)
    assert verified.returncode == 3, verified.stderr
    assert verdict["genuine"]
    assert verdict["certificate_identifier"] == identifier
    assert [reason["code"] for reason in verdict["reasons"]] == ["SNAPSHOT_MISSING"]
    code, output, error = anju("messages", "--reference", last["application_id"], "--json")
    assert code == 0, error
    assert "application_received" in {m["template_id"] for m in lines(output)}


def find_station(anju, number: str) -> str:
    """The office that intake routed to stands on the receipt; its code is in the office table."""
    code, output, _ = anju("show", number, "--json")
    name = lines(output)[0]["office"]
    offices = (ROOT / "Services" / "Policy" / "offices.tsv").read_text().splitlines()
    [line] = [line for line in offices if f"\t{name}\t" in line and not line.startswith("#")]
    return line.split("\t")[0]


def work(anju, who: list[str]) -> list[dict]:
    for _ in range(50):
        code, output, error = anju("work", "--json", *who)
        assert code == 0, error
        if output:
            return lines(output)
    raise AssertionError("no work arrived")


def test_a_refusal_names_every_defect(anju, form_file):
    form = json.loads(form_file.read_text())
    form["phone"] = "12"
    form["applicant"]["citizen_id"] = "110105194912310021"
    form_file.write_text(json.dumps(form))
    code, _, error = anju("submit", str(form_file))
    assert code == 1
    assert "FORM_DEFECTIVE" in error
    assert "form.phone" in error
    assert "form.applicant.citizen_id" in error


def test_findings_exit_2(anju, form_file):
    code, output, error = anju("submit", str(form_file))
    assert code == 2, error
    assert "HALF_YEAR_NOT_REACHED" in output


def test_health_tells_who_is_away(anju, cluster):
    code, output, error = anju("health")
    assert code == 0, output + error
    assert output.count("serving") == 4


def test_reconcile_finds_no_difference(anju):
    code, output, error = anju("walk")
    assert code == 0, error
    code, output, error = anju("reconcile")
    assert code == 0, output + error
    assert "0 differences" in output


def test_the_readme_first_call_works(cluster, tmp_path):
    """The commands and the Python program of README.md, run as they stand but for the port and for
    where the executables and their keys are."""
    readme = (ROOT / "README.md").read_text()
    [commands] = re.findall(r"```sh\n(python -m grpc_tools.*?)```", readme, re.DOTALL)
    (tmp_path / "proto").symlink_to(ROOT / "proto")
    script = commands.replace("python ", f"{sys.executable} ", 1)
    script = script.replace(".build/release", str(cluster.bin))
    keys = {**os.environ, "ANJU_KEYS": str(cluster.keys)}
    made = subprocess.run(
        ["bash", "-ec", script + 'printf %s "$ANJU_TOKEN"'],
        cwd=tmp_path,
        env=keys,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    [program] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert "127.0.0.1:50051" in program
    program = program.replace("127.0.0.1:50051", f"127.0.0.1:{cluster.ports['intake']}")
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "ANJU_TOKEN": made.stdout},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 0, result.stderr
    assert len(result.stdout.strip()) == 26




def test_a_token_of_the_command_line_is_one_that_pyjwt_believes(anju, cluster, rng):
    """What `anju token` signs, a library that nobody here wrote verifies with the public half."""
    number = people.make(rng).citizen_id
    code, output, error = anju(
        *("token", "applicant", "--person", number, "--minutes", "5"),
        *("--act", "trustee", "--act-id", "helper", "--acr", "face"),
    )
    assert code == 0, error
    jwk = json.loads((cluster.keys / "development.jwk").read_text())
    del jwk["d"]
    token = output.strip()
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "kid": jwk["kid"], "typ": "JWT"}
    claims = jwt.decode(
        token,
        jwt.PyJWK(jwk).key,
        algorithms=["ES256"],
        audience="anju",
        issuer="anju-development",
        options={"require": ["exp", "iat", "sub"]},
    )
    assert claims["exp"] - claims["iat"] == 300
    assert claims["person"] == number
    assert claims["act"] == {"sub": "helper", "as": "trustee"}
    assert claims["acr"] == "face"
    assert number not in claims["sub"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["applicant"],
        ["officer", "--id", "p"],
        ["integrator"],
        ["king", "--id", "a"],
        ["auditor", "--id", "a", "--minutes", "0"],
        ["applicant", "--person", "1", "--act", "guardian"],
    ],
)
def test_a_token_that_nobody_would_believe_is_not_made(cluster, arguments):
    command = [str(cluster.bin / "anju"), "token", *arguments, "--keys", str(cluster.keys)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert result.returncode == 64
    assert result.stdout == ""


def test_a_given_token_counts(anju, cluster, clients):
    """With a token of the caller's own every command comes in his name."""
    stranger = clients.signer.token("integrator", "nobody-at-all")
    code, output, error = anju("list", "--token", stranger)
    assert (code, output) == (0, ""), error
    code, _, error = anju("list", "--token", "nonsense")
    assert code == 1
    assert "TOKEN_INVALID" in error
