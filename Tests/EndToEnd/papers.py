"""The papers of an application: fetched over gRPC, read back by `pdftotext`, turned into pictures by
`pdftoppm`.

The pictures are kept where ANJU_ARTEFACTS says, else under .anju/test/documents, to be looked at."""

import hashlib
import os
import re
import subprocess
from pathlib import Path

from stubs import ROOT, pb
from walk import Walk

CALL_SECONDS_MAX = 30
ARTEFACTS = Path(os.environ.get("ANJU_ARTEFACTS", ROOT / ".anju" / "test" / "documents"))


def render(walk: Walk, kind: int, round: int = 0) -> bytes:
    request = pb.intake.RenderDocumentRequest(
        application_id=walk.application_id, kind=kind, round=round
    )
    method = walk.clients.intake.RenderDocument
    paper = method(request, metadata=walk.caller, timeout=CALL_SECONDS_MAX)
    assert hashlib.sha256(paper.pdf).digest() == paper.sha256
    return paper.pdf


def letters(pdf: bytes) -> str:
    """All that stands on it, without the blanks."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    run = subprocess.run(command, input=pdf, capture_output=True, check=True, timeout=60)
    return re.sub(r"\s", "", run.stdout.decode())


def keep(name: str, pdf: bytes) -> list[Path]:
    """The pages as pictures, for people to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    (ARTEFACTS / f"{name}.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-png", "-r", "80", f"{name}.pdf", name]
    subprocess.run(command, cwd=ARTEFACTS, check=True, timeout=60)
    return sorted(ARTEFACTS.glob(f"{name}-[0-9]*.png"))


def look_at(walk: Walk, name: str, title: str, *shown: str) -> None:
    """Keeps an application's form and receipt, one page each, and looks for the words that make them these
    papers and nobody else's."""
    form = render(walk, pb.intake.DOCUMENT_KIND_APPLICATION_FORM)
    receipt = render(walk, pb.intake.DOCUMENT_KIND_RECEIPT)
    assert len(keep(f"form-{name}", form)) == 1
    assert len(keep(f"receipt-{name}", receipt)) == 1
    read = letters(form)
    for text in (title, f"申请编号：{walk.number}", walk.person.citizen_id, "一人一档", *shown):
        assert text in read, text
    for text in ("收件回执", walk.number):
        assert text in letters(receipt), text
