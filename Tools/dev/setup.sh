# shellcheck shell=bash
# What a fresh Debian 12 machine with Swift lacks. Everything here does nothing the second time.

# Built with, run with, and tested with.
debian_packages=(
  pkg-config
  libnghttp2-dev libprotobuf-c-dev libprotobuf-dev protobuf-compiler protobuf-c-compiler
  libsqlite3-dev libpq-dev libssl-dev libjose-dev libjansson-dev zlib1g-dev
  libcairo2-dev libpango1.0-dev libqrencode-dev libturbojpeg0-dev
)
# The fonts of the papers: Chinese type, and the rare characters of names that it lacks.
debian_packages_of_fonts=(fonts-noto-cjk fonts-babelstone-han fonts-hanazono)
# Three read papers back: poppler-utils text and pixels, qpdf the form, zbar-tools the codes. Two know
# the carriers' protocols: libnet-smpp-perl plays a provider, tshark reads what was said.
debian_packages_for_tests=(
  openssl python3-venv shellcheck sqlite3 poppler-utils qpdf zbar-tools libnet-smpp-perl tshark
)
debian_packages_for_postgres=(postgresql-15)
# The gRPC project's own C++, which ours is tested against.
debian_packages_for_peers=(g++ libgrpc++-dev protobuf-compiler-grpc)

swift_oldest=6.3

set_up() {
  require_swift
  install_debian "${debian_packages[@]}" "${debian_packages_of_fonts[@]}"
  mkdir -p "$state"
}

set_up_for_tests() {
  set_up
  install_debian "${debian_packages_for_tests[@]}" "${debian_packages_for_postgres[@]}" \
    "${debian_packages_for_peers[@]}"
  make_venv
  make_peers
}

require_swift() {
  command -v swift > /dev/null ||
    fail "there is no swift on the PATH; install Swift $swift_oldest or newer (swift.org/install)"
  local found
  found=$(swift --version 2> /dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
  [[ $(printf '%s\n%s\n' "$swift_oldest" "$found" | sort -V | head -n 1) == "$swift_oldest" ]] ||
    fail "Swift $swift_oldest or newer is needed, this is Swift ${found:-of an unknown version}"
}

# Installs those of the packages that are missing; asks for root only then.
install_debian() {
  local missing=() package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}' "$package" 2> /dev/null |
      grep -qx installed || missing+=("$package")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  command -v apt-get > /dev/null ||
    fail "these packages are missing and there is no apt-get to install them: ${missing[*]}"
  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    command -v sudo > /dev/null ||
      fail "these packages are missing; install them as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  say "installing: ${missing[*]}"
  local log=$state/apt.log
  mkdir -p "$state"
  if ! apt_install "$log" "${missing[@]}"; then
    "${as_root[@]}" apt-get update > "$log" 2>&1 ||
      { tail -n 5 "$log" >&2 && fail "apt-get update failed (whole log: $log)"; }
    apt_install "$log" "${missing[@]}" ||
      { tail -n 5 "$log" >&2 && fail "apt-get could not install ${missing[*]} (whole log: $log)"; }
  fi
}

# The first try uses the package lists that are there.
apt_install() {
  local log=$1
  shift
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends "$@" > "$log" 2>&1
}

# The Python of the tests, made anew only when its requirements change.
make_venv() {
  local venv=$state/venv wanted
  wanted=$(sha256sum Tests/requirements.txt | cut -d ' ' -f 1)
  [[ -x $venv/bin/python && $(cat "$venv/requirements.sha256" 2> /dev/null) == "$wanted" ]] &&
    return 0
  say "making the Python environment of the tests in $venv"
  rm -rf "$venv"
  /usr/bin/python3 -m venv "$venv" || fail "python3 could not make a virtual environment"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement \
    Tests/requirements.txt > "$state/pip.log" 2>&1 ||
    { tail -n 5 "$state/pip.log" >&2 && fail "pip failed (whole log: $state/pip.log)"; }
  echo "$wanted" > "$venv/requirements.sha256"
}
