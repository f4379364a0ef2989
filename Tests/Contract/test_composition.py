"""What docker-compose.yml and the Dockerfile name is there, fits together and gives nothing away."""

import re
import subprocess

import pytest
import yaml

from executables import BIN, PRODUCTS, ROOT, settings

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
# What the image's own scripts read, beside the services' settings.
IMAGE_VARIABLES = {"ANJU_ADMIN_PORT"}
# Those that people's apps and officers' desks call.
CALLED_BY_PEOPLE = {"intake", "approval"}
CREDENTIALS = "/var/lib/anju/credentials"
AUTHORITY = "/var/lib/anju/authority"


@pytest.fixture(scope="module", params=PRODUCTS)
def service(request):
    """Its name, its product, its settings, what the composition says of it."""
    product, _ = PRODUCTS[request.param]
    return request.param, product, settings(product), SERVICES[request.param]


def mounts(name: str) -> dict[str, tuple[str, bool]]:
    """Place in the container → the volume there, and whether it can be written."""
    parts = [mount.split(":") for mount in SERVICES[name].get("volumes", [])]
    return {part[1]: (part[0], part[2:] != ["ro"]) for part in parts}


def test_the_product_and_real_settings_are_named(service):
    _, product, known, entry = service
    assert entry["command"] == [product]
    unknown = set(entry["environment"]) - set(known) - IMAGE_VARIABLES
    assert not unknown, f"{product} has no settings {unknown}"
    assert all(isinstance(value, str) for value in entry["environment"].values())


def test_ports_agree(service):
    name, _, known, entry = service
    environment = entry["environment"]
    prefix = name.upper()
    # What the README and the clients' defaults say.
    assert environment[f"{prefix}_LISTEN_PORT"] == known[f"{prefix}_LISTEN_PORT"][1]
    assert environment[f"{prefix}_ADMIN_PORT"] == environment["ANJU_ADMIN_PORT"]
    # By the name that stands in the peer's certificate.
    peers = {v: key for v, (key, _) in known.items() if v.startswith(f"{prefix}_PEERS_")}
    for variable, key in peers.items():
        assert environment[variable] == address(key.rsplit(".", 1)[1]), f"{name}: {variable}"


def address(name: str) -> str:
    return f"{name}:{SERVICES[name]['environment'][f'{name.upper()}_LISTEN_PORT']}"


def test_the_command_line_finds_all_four():
    told = SERVICES["anju"]["environment"]
    for name in PRODUCTS:
        assert told[f"ANJU_{name.upper()}"] == address(name)
        assert told["ANJU_ISSUER"] == SERVICES[name]["environment"][f"{name.upper()}_TOKENS_ISSUER"]
    assert told["ANJU_KEYS"] == CREDENTIALS
    assert SERVICES["anju"]["profiles"] == ["tools"], "it is no part of what `up` starts"


def test_the_executable_takes_the_settings(service, tmp_path):
    """Nothing unknown, nothing bad, nothing that does not fit together. Told apart by the exit
    code: 78 is wrong settings; files that are not there are 1."""
    _, product, _, entry = service
    run = subprocess.run(
        [BIN / product], env=entry["environment"], cwd=tmp_path,
        capture_output=True, text=True, timeout=20,
    )
    assert run.returncode == 1, run.stderr
    assert CREDENTIALS in run.stderr


def test_a_volume_is_one_container_s_own():
    """But for the one that fills them, nobody sees what another proves itself with, writes it, or
    keeps its data where another does."""
    owners: dict[str, set[str]] = {}
    for name in SERVICES:
        for place, (volume, writable) in mounts(name).items():
            assert volume in COMPOSE["volumes"], volume
            owners.setdefault(volume, set()).add(name)
            if place == CREDENTIALS:
                assert (volume, writable) == (f"{name}-credentials", False)
    assert set(owners) == set(COMPOSE["volumes"]), "a volume that nobody mounts"
    for volume, names in owners.items():
        own = names - ({"credentials"} if volume.endswith("-credentials") else set())
        assert len(own) == 1, f"{volume} is mounted by {names}"


def test_what_fills_the_volumes_knows_every_container_and_no_network():
    entry = SERVICES["credentials"]
    assert entry["command"] == ["anju-credentials", AUTHORITY]
    assert entry["environment"] == {"ANJU_NAMES": "${ANJU_NAMES:-}"}
    assert entry["network_mode"] == "none"
    owners = [*PRODUCTS, "database", "anju"]
    expected = {f"{AUTHORITY}/{name}": (f"{name}-credentials", True) for name in owners}
    assert mounts("credentials") == {AUTHORITY: ("authority", True), **expected}
    # A fresh volume belongs to the user of the image, because the folder there does.
    made = re.search(r"^ +(intake [a-z ]+)$", DOCKERFILE, re.MULTILINE).group(1).split()
    assert sorted(made) == sorted(owners)


def test_settings_are_those_of_a_service_that_others_reach(service):
    name, _, _, entry = service
    own = {
        key.removeprefix(f"{name.upper()}_"): value for key, value in entry["environment"].items()
    }
    called = name in CALLED_BY_PEOPLE
    assert own["TLS_CLIENT_CERTIFICATE"] == ("optional" if called else "required")
    assert own["TOKENS_DEVELOPMENT"] == "never"
    assert own["STORE_TLS"] == "verify-full"
    assert own["STORE_USER"] == own["STORE_DATABASE"] == f"anju_{name}"
    for key, value in own.items():
        if key.startswith("TLS_") and key != "TLS_CLIENT_CERTIFICATE" or key.endswith("_FILE"):
            assert value.startswith(("/var/lib/anju/credentials/", "/var/lib/anju/data/")), key
    for key in ("KEYS_DIRECTORY", "DATA_DIRECTORY"):
        # Where nothing is kept, the folder of the image will do; what is kept is in a volume.
        volume, writable = mounts(name).get(own[key], (f"{name}-", False))
        assert volume.startswith(f"{name}-")
        assert writable or key == "DATA_DIRECTORY" and "GATEWAY_FILE" not in own


def test_only_what_people_call_can_be_reached_and_by_default_from_this_machine_only():
    for name, entry in SERVICES.items():
        if name in CALLED_BY_PEOPLE:
            port = entry["environment"][f"{name.upper()}_LISTEN_PORT"]
            assert entry["ports"] == [f"${{ANJU_PUBLISH:-127.0.0.1}}:{port}:{port}"]
            assert entry["networks"] == ["outside", "inside"]
        elif name != "credentials":
            assert "ports" not in entry
            assert entry["networks"] == ["inside"]
    assert COMPOSE["networks"] == {"outside": None, "inside": {"internal": True}}


def test_no_secret_stands_in_the_file():
    secrets = re.compile(r"PASSWORD|SECRET|TOKEN$|PRIVATE", re.IGNORECASE)
    for name, entry in SERVICES.items():
        for key, value in entry.get("environment", {}).items():
            if secrets.search(key):
                assert value.startswith("/"), f"{name}: {key} is no path"
        assert not secrets.search(str(entry.get("command"))), name
        assert "secrets" not in entry and "env_file" not in entry


def test_containers_come_back_and_hold_no_power():
    """podman starts nothing again that depends on a container that has ended, so nothing may."""
    for name, entry in SERVICES.items():
        assert "depends_on" not in entry, name
        ends = name in ("credentials", "anju")
        assert entry["restart"] == ("no" if ends else "unless-stopped"), name
        assert entry["read_only"] is True, name
        assert entry["cap_drop"] == ["ALL"], name
        assert entry["security_opt"] == ["no-new-privileges:true"], name


def test_a_service_has_time_to_drain(service):
    name, _, known, entry = service
    drain = int(known[f"{name.upper()}_DRAIN_SECONDS"][1])
    # Calls, then jobs and store (`ServiceProcess.closingSecondsMax`, twice).
    assert entry["stop_grace_period"] == f"{drain + 20}s"


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


@pytest.mark.parametrize("image", ["anju", "anju-database"])
def test_images_are_not_root_and_say_when_they_are_well(image):
    stages = re.split(r"^(?=FROM )", DOCKERFILE, flags=re.MULTILINE)
    [stage] = [s for s in stages if " AS database" in s] if "-" in image else stages[-1:]
    assert re.search(r"^USER anju$", stage, re.MULTILINE)
    check = "/bin/pg_isready" if "-" in image else "anju-healthcheck"
    assert re.search(rf'^HEALTHCHECK [^[]*\["[^"]*{check}"', stage, re.MULTILINE)
    built = [entry for entry in SERVICES.values() if entry["image"] == image]
    assert built
    for entry in built:
        assert entry["build"].get("target") == ("database" if "-" in image else None)
        command = (entry.get("entrypoint") or entry["command"])[0]
        # Either one of the products or a script of deploy/, under the name that the image gives it.
        assert command in DOCKERFILE, command


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
