# shellcheck shell=bash
# Benchmarks: an area is one argument of the driver, which runs ours and its peer in turn.

bench_areas=(approval intake life notification registry rpc storage)

# The peers' own libraries, and who makes the load.
debian_packages_for_rpc=(
  g++ nghttp2-client libgrpc++-dev libprotobuf-dev protobuf-compiler protobuf-compiler-grpc
)

# The load of the bare RPC, and bare signatures.
debian_packages_for_life=(nghttp2-client openssl)
debian_packages_for_registry=(openssl)
# The other gateway from a queue to SMPP.
debian_packages_for_notification=(kannel)

dev_bench() {
  local area=${1:-}
  [[ " ${bench_areas[*]} " == *" ${area:-none} "* ]] ||
    fail "bench needs an area: ${bench_areas[*]}"
  shift
  case ${1:-}:$# in
    :0 | --json:1 | --only:2) ;;
    *) fail "bench $area knows --json and --only TEXT, got: $*" ;;
  esac
  set_up_for_tests
  case $area in
    life) install_debian "${debian_packages_for_life[@]}" ;;
    notification) install_debian "${debian_packages_for_notification[@]}" ;;
    registry) install_debian "${debian_packages_for_registry[@]}" ;;
    rpc) install_debian "${debian_packages_for_rpc[@]}" ;;
  esac
  "$state/venv/bin/python" Tests/Benchmarks/run.py "$area" "$@"
}
