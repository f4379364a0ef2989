# shellcheck shell=bash
# Benchmarks: an area is one argument of the driver, which runs ours and its peer in turn.

bench_areas=(storage)

dev_bench() {
  local area=${1:-}
  [[ " ${bench_areas[*]} " == *" ${area:-none} "* ]] ||
    fail "bench needs an area: ${bench_areas[*]}"
  shift
  [[ $# -eq 0 || ($# -eq 1 && $1 == --json) ]] || fail "bench $area knows --json only, got: $*"
  set_up_for_tests
  "$state/venv/bin/python" Tests/Benchmarks/run.py "$area" "$@"
}
