# shellcheck shell=bash
# Building, generating, checking the form of things.

# One binary a service, with Swift's runtime inside: less memory, and nothing to install beside it.
release_flags=(-c release --static-swift-stdlib)

# Product by product: without a name SwiftPM also builds what only the tests start.
build_release() {
  local product
  heading "building in release (the first time takes some minutes)"
  for product in "${service_product[@]}" anju; do
    swift build "${release_flags[@]}" --product "$product" >&2 || fail "the release build failed"
  done
}

release_directory() { swift build "${release_flags[@]}" --show-bin-path; }

# Warnings are errors here and only here: a stranger has another compiler.
strict_flags=(--explicit-target-dependency-import-check error)

dev_build() {
  case ${1:-} in
    '') set_up && build_release ;;
    --debug) set_up && build_strict ;;
    *) fail "build knows --debug only, got: $1" ;;
  esac
}

build_strict() {
  ANJU_STRICT=1 swift build --build-tests "${strict_flags[@]}"
}

dev_generate() {
  no_arguments generate "$@"
  set_up
  heading "generating from proto/"
  proto/generate.sh
}

dev_lint() {
  no_arguments lint "$@"
  set_up
  install_debian shellcheck
  check_format
  check_scripts
  check_generated
  build_strict >&2
}

check_format() {
  local files
  mapfile -t files < <(hand_written_swift)
  swift format lint --strict --parallel --configuration .swift-format "${files[@]}" >&2
}

# Every Swift file but what the generator wrote and what SwiftPM fetched.
hand_written_swift() {
  find Package.swift Services Shared Tests Tools -name .build -prune -o -name '*.swift' \
    -not -path '*/Generated/*' -print | sort
}

check_scripts() {
  local scripts
  # What ./dev sources is read with it; a script of its own says so in its first line.
  shellcheck --external-sources --check-sourced dev >&2
  mapfile -t scripts < <(
    grep -rlE --exclude-dir=.build '^#!/(usr/bin/env |bin/)(bash|sh)$' .ci deploy proto Tests Tools)
  shellcheck "${scripts[@]}" >&2
}

# Generates into a temporary folder and compares, so that a check never changes the tree.
check_generated() { proto/generate.sh --check >&2; }
