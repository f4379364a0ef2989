"""`anju policy check` with files alone: what a service would start on, and why it would not."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from stubs import ROOT

BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug")).resolve()
POLICY = ROOT / "Services" / "Policy"


def check(*files, json_lines=True):
    command = [BIN / "anju", "policy", "check", *files]
    command += ["--json"] if json_lines else []
    run = subprocess.run(command, capture_output=True, text=True, timeout=60)
    return run.returncode, run.stdout, run.stderr


def test_the_regions_files_are_taken():
    for region, code, kinds in [("zhejiang", "330000", 12), ("shanghai", "310000", 2)]:
        status, output, error = check(POLICY / f"{region}.tsv")
        assert status == 0, error
        found = json.loads(output)
        assert (found["region"], len(found["kinds"])) == (code, kinds)
        assert found["version"] == f"{region}-1"


def test_a_broken_file_is_told_with_its_line(tmp_path):
    lines = (POLICY / "zhejiang.tsv").read_text().splitlines()
    index = next(n for n, line in enumerate(lines) if line.startswith("rule\tendorsement\t"))
    lines[index] = "rule\tendorsement\tIS_NICE\t-\ttest"
    broken = tmp_path / "broken.tsv"
    broken.write_text("\n".join(lines) + "\n")
    status, output, _ = check(broken)
    assert status == 1
    assert json.loads(output) == {
        "file": str(broken),
        "line": index + 1,
        "reason": "no such rule of eligibility: IS_NICE",
    }
    status, output, _ = check(broken, json_lines=False)
    assert (status, output) == (
        1, f"{broken}:{index + 1}: no such rule of eligibility: IS_NICE\n")


def test_versions_must_follow_one_another(tmp_path):
    text = (POLICY / "zhejiang.tsv").read_text()
    earlier, later = tmp_path / "zhejiang-1.tsv", tmp_path / "zhejiang.tsv"
    later.write_text(
        text.replace("version\tzhejiang-1\t", "version\tzhejiang-2\t")
        .replace("in_force_from\t2022-03-07\t", "in_force_from\t2027-01-01\t"))
    earlier.write_text(text)
    status, output, _ = check(later, earlier)
    assert status == 1
    assert "is in force on a day on which" in json.loads(output)["reason"]
    earlier.write_text(text.replace("in_force_to\t-\t", "in_force_to\t2026-12-31\t"))
    status, output, _ = check(later, earlier)
    assert status == 0
    assert len(output.splitlines()) == 2


@pytest.mark.parametrize(
    "content, told", [(b"\xff\xfe", "is not UTF-8"), (b"", "is missing"), (None, "cannot be read")])
def test_what_is_no_policy_is_told(tmp_path, content, told):
    file = tmp_path / "none.tsv"
    if content is not None:
        file.write_bytes(content)
    status, output, error = check(file)
    assert status == (64 if content is None else 1)
    assert told in output + error
