"""The executables, and what they say of their own settings (`<Product> --settings`)."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug"))
# Service → its product and its folder under Services.
PRODUCTS = {
    "intake": ("IntakeServer", "Intake"),
    "approval": ("ApprovalServer", "Approval"),
    "notification": ("NotificationServer", "Notification"),
    "registry": ("CertificateRegistryServer", "CertificateRegistry"),
}


def settings(product: str) -> dict[str, tuple[str, str]]:
    """Variable → (key, default), as the executable prints them."""
    run = subprocess.run(
        [BIN / product, "--settings"], capture_output=True, text=True, timeout=20, check=True
    )
    rows = re.findall(r"^\| `([a-z.]+)` \| `([A-Z_]+)` \| (.*?) \|", run.stdout, re.MULTILINE)
    return {variable: (key, default.strip("`")) for key, variable, default in rows}
