"""What documents and container files say of products, ports and settings is what the executables
say of themselves (`<Product> --settings`)."""

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("ANJU_BIN", ROOT / ".build" / "debug"))
PRODUCTS = {
    "intake": ("IntakeServer", "Intake"),
    "approval": ("ApprovalServer", "Approval"),
    "notification": ("NotificationServer", "Notification"),
    "registry": ("CertificateRegistryServer", "CertificateRegistry"),
}
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
# What the image's own scripts read, beside the services' settings.
IMAGE_VARIABLES = {"ANJU_ADMIN_PORT"}


def settings(product: str) -> dict[str, tuple[str, str]]:
    """Variable → (key, default), as the executable prints them."""
    run = subprocess.run(
        [BIN / product, "--settings"], capture_output=True, text=True, timeout=20, check=True
    )
    rows = re.findall(r"^\| `([a-z.]+)` \| `([A-Z_]+)` \| (.*?) \|", run.stdout, re.MULTILINE)
    return {variable: (key, default.strip("`")) for key, variable, default in rows}


@pytest.fixture(scope="module", params=PRODUCTS)
def service(request):
    """Its name, its product, its folder, its settings."""
    product, folder = PRODUCTS[request.param]
    return request.param, product, folder, settings(product)


def test_compose_names_the_product_and_real_settings(service):
    name, product, _, known = service
    entry = COMPOSE["services"][name]
    assert entry["command"] == [product]
    unknown = set(entry["environment"]) - set(known) - IMAGE_VARIABLES
    assert not unknown, f"{product} has no settings {unknown}"
    assert all(isinstance(value, str) for value in entry["environment"].values())


def test_compose_ports_agree(service):
    name, _, _, known = service
    environment = COMPOSE["services"][name]["environment"]
    prefix = name.upper()
    # What the README and the clients' defaults say.
    assert environment[f"{prefix}_LISTEN_PORT"] == known[f"{prefix}_LISTEN_PORT"][1]
    assert environment[f"{prefix}_ADMIN_PORT"] == environment["ANJU_ADMIN_PORT"]
    peers = {v: key for v, (key, _) in known.items() if v.startswith(f"{prefix}_PEERS_")}
    for variable, key in peers.items():
        peer = key.rsplit(".", 1)[1]
        port = COMPOSE["services"][peer]["environment"][f"{peer.upper()}_LISTEN_PORT"]
        assert environment[variable] == f"127.0.0.1:{port}", f"{name} does not find {peer}"


def test_compose_starts_with_what_it_names(service, tmp_path):
    """The executable takes the very environment of the compose file: nothing unknown, nothing bad.
    Told apart by the exit code: 78 is wrong settings; a folder that is not there is 1."""
    name, product, _, _ = service
    environment = dict(COMPOSE["services"][name]["environment"])
    for key in environment:
        if key.endswith("_DIRECTORY"):
            environment[key] = "/dev/null/none"
    run = subprocess.run(
        [BIN / product], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=20
    )
    assert run.returncode == 1, run.stderr


def test_containers_share_one_network_and_nothing_more():
    services = COMPOSE["services"]
    for name in PRODUCTS:
        assert services[name]["network_mode"] == "service:network"
        assert "ports" not in services[name]
        volumes = services[name]["volumes"]
        own = [volume for volume in volumes if not volume.startswith("development:")]
        assert all(volume.startswith(f"{name}-") for volume in own), "a volume is shared"
        assert {volume.split(":")[0] for volume in volumes} <= set(COMPOSE["volumes"])
    assert set(services) == {*PRODUCTS, "network"}
    # The development key is believed, so there is no interface but loopback.
    assert services["network"]["network_mode"] == "none"
    assert "ports" not in services["network"]


def test_containers_come_back_together_and_hold_no_power():
    """A service whose namespace is not there cannot start, so `network` comes back like the four."""
    for name, entry in COMPOSE["services"].items():
        assert entry["restart"] == "unless-stopped", name
        assert entry["read_only"] is True, name
        assert entry["cap_drop"] == ["ALL"], name
        assert entry["security_opt"] == ["no-new-privileges:true"], name


def test_dockerfile_names_what_is_there():
    manifest = (ROOT / "Package.swift").read_text()
    built = re.search(r"for product in (.*?);", DOCKERFILE).group(1).split()
    assert sorted(built) == sorted([p for p, _ in PRODUCTS.values()] + ["anju"])
    for product in built:
        service = product.removesuffix("Server")
        assert f'service("{service}"' in manifest or f'name: "{product}"' in manifest
    for source in re.findall(r"^COPY (?!--from)(\S+) ", DOCKERFILE, re.MULTILINE):
        assert (ROOT / source).exists(), source
    for image in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE):
        assert image.startswith("${"), "base images come by ARG"
    packages = (ROOT / "Tools" / "dev" / "setup.sh").read_text()
    for package in re.findall(r"\blib[a-z0-9-]+-dev\b", DOCKERFILE):
        assert package in packages, f"{package} is not what ./dev installs"


def test_image_is_not_root_and_says_when_it_is_well():
    last = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
    assert re.search(r"^USER anju$", last, re.MULTILINE)
    assert re.search(r'^HEALTHCHECK .*CMD \["anju-healthcheck"\]$', last, re.MULTILINE)
    assert "deploy/healthcheck.sh /usr/local/bin/anju-healthcheck" in last


def test_readme_lists_the_service_s_own_settings(service):
    name, _, folder, known = service
    readme = (ROOT / "Services" / folder / "README.md").read_text()
    common = (ROOT / "Shared" / "ServiceKit" / "README.md").read_text()
    for variable, (key, default) in known.items():
        if f"`intake.{key.removeprefix(name + '.')}`" in common:
            continue
        lines = [line for line in readme.splitlines() if f"`{key}`" in line or f"`{variable}`" in line]
        assert lines, f"Services/{folder}/README.md says nothing of {key}"
        if ".peers." not in key:
            assert any(f"`{default}`" in line for line in lines), f"{key}: default is {default}"


def test_debian_s_compose_accepts_the_file():
    """Where docker-compose is installed; it knows the 2021 schema."""
    try:
        run = subprocess.run(
            ["docker-compose", "--file", ROOT / "docker-compose.yml", "config"],
            capture_output=True, text=True, timeout=60,
        )
    except FileNotFoundError:
        pytest.skip("docker-compose is not installed")
    assert run.returncode == 0, run.stderr
