# shellcheck shell=bash
# ./dev test: every stage runs, each with its time; one line at the end says how many tests passed.

stage_names=()
stage_results=()
stage_seconds=()

results=$state/test

dev_test() {
  case ${1:-} in
    '') ;;
    --long) export ANJU_LONG=1 ;;
    *) fail "test knows --long only, got: $1" ;;
  esac
  rm -rf "$results"
  mkdir -p "$results"
  export ANJU_STRICT=1
  stage set-up set_up_for_tests
  stage format check_format
  stage scripts check_scripts
  stage generated check_generated
  stage build build_strict
  needs_build suites run_suites
  [[ ${ANJU_LONG:-} != 1 ]] || needs_build 'long suites' run_long_suites
  needs_build contract run_pytest Contract
  needs_build interop run_pytest Interop
  needs_build conformance run_pytest Conformance
  needs_build abuse run_pytest Abuse
  needs_build 'end to end' run_pytest EndToEnd
  needs_build walk run_walk
  needs_build 'walk, other' run_walk --store postgres
  if [[ ${ANJU_LONG:-} == 1 ]]; then
    local day
    for day in "${days_ahead[@]}"; do
      needs_build "on $day" run_pytest_on "$day" EndToEnd
    done
    stage sanitizers run_sanitizers
  fi
  summary
}

# Runs a stage in a shell of its own, so that its failure is its own. Not left of `||`: what runs there
# goes on after a failure, whatever `set` says.
stage() {
  local name=$1 began status
  shift
  heading "$name"
  began=$(now_ms)
  set +e
  (set -Eeuo pipefail && "$@")
  status=$?
  set -e
  stage_names+=("$name")
  stage_seconds+=("$(seconds_since "$began")")
  stage_results+=("$([[ $status -eq 0 ]] && echo ok || echo FAILED)")
}

needs_build() {
  local index=0
  for index in "${!stage_names[@]}"; do
    if [[ ${stage_names[index]} == build && ${stage_results[index]} != ok ]]; then
      stage_names+=("$1")
      stage_seconds+=(0.0)
      stage_results+=('FAILED (not run: no build)')
      return 0
    fi
  done
  stage "$@"
}

# How many tests of the suites run at once: all nine hundred together hold over a thousand files open,
# with which Foundation's Process reads past its buffer, and keep each other waiting.
readonly suites_at_once=64

# The suites with the counts of every day. Every statement they run on SQLite is written down, for
# Tests/EndToEnd/test_plans.py.
run_suites() { ANJU_LONG='' ANJU_STATEMENTS=$PWD/$results/statements run_swift_tests suites; }

# What has long counts, apart: beside it tests that wait for something would wait for minutes.
run_long_suites() {
  local names
  mapfile -t names < <(grep -rl --include='*.swift' ANJU_LONG Tests | xargs basename -s .swift)
  [[ ${#names[@]} -gt 0 ]] || fail "no suite has long counts"
  run_swift_tests long-suites --filter "$(IFS='|' && echo "${names[*]}")"
}

# Runs suites on both engines; PostgreSQL's server is thrown away after.
run_swift_tests() {
  local name=$1 folder
  shift
  folder=$(mktemp -d)
  # shellcheck disable=SC2064 # The folder of now.
  trap "Tools/dev/postgres.sh remove '$folder'" EXIT
  Tools/dev/postgres.sh start "$folder"
  ANJU_POSTGRES=$folder swift test --skip-build --disable-xctest "${strict_flags[@]}" \
    --experimental-maximum-parallelization-width "$suites_at_once" \
    --xunit-output "$results/$name.xml" "$@"
}

# Below the ports that the kernel gives to connections: those of the tests before, closed a moment ago,
# would keep a service from listening.
readonly walk_port=21051

# The README's first command, on either store; on the debug executables instead of a release build of
# its own.
run_walk() { ANJU_BIN=$(swift build --show-bin-path) ./dev run --once --port "$walk_port" "$@"; }

# Both at once: each is one test at a time, on one processor.
run_sanitizers() {
  local status=0 log=$results/thread.log
  run_sanitized thread > "$log" 2>&1 &
  run_sanitized address || status=1
  wait $! || status=1
  heading "the sanitizer of threads"
  cat "$log"
  return "$status"
}

# The suites once more under a sanitizer, built apart; one test at a time, as each is many times
# slower and some wait for milliseconds, with the counts of every day: the long ones look for other
# faults. Leaks are not looked for: Swift's runtime keeps metadata for good. Nor is the process's
# size: AddressSanitizer keeps what is freed.
run_sanitized() {
  local kind=$1
  ANJU_LONG='' ANJU_SEEDS=20 \
    ASAN_OPTIONS=detect_leaks=0 TSAN_OPTIONS="suppressions=$PWD/Tests/tsan.supp" \
    swift test --sanitize="$kind" --scratch-path ".build/$kind" --disable-xctest \
    --no-parallel --skip TidyTests --skip "do not grow the process" --xunit-output "$results/$kind.xml"
}

# The Python tests drive the debug executables that the build stage made.
run_pytest() {
  local folder=$1
  ANJU_BIN=$(swift build --show-bin-path) \
    "$state/venv/bin/python" -m pytest "Tests/$folder" --durations 5 -q -p no:cacheprovider \
    --junitxml "$results/$folder.xml"
}

# The year's last day, New Year's Day of the lunar year in a year whose arrangement may not be published,
# and a leap day.
readonly days_ahead=(2026-12-31 2027-02-06 2028-02-29)

# The same with the clock at nine in the morning of a day in Shanghai, for the tests, what they start and
# all that they start in turn; with the counts of every day.
run_pytest_on() {
  local day=$1 folder=$2 library=$PWD/$state/clock_ahead.so
  cc -O2 -shared -fPIC -o "$library" Tests/Benchmarks/bare/clock_ahead.c -ldl ||
    fail "the library that moves the clock does not build"
  chmod a+rx "$library"
  ANJU_LONG='' ANJU_CLOCK_AHEAD=$(($(date -d "$day 09:00 +0800" +%s) - $(date +%s))) \
    ANJU_BIN=$(swift build --show-bin-path) LD_PRELOAD=$library \
    "$state/venv/bin/python" -m pytest "Tests/$folder" --durations 5 -q -p no:cacheprovider \
    --junitxml "$results/$folder-$day.xml"
}

# A stage that failed without a failed test counts as one, so that the last line never says 0 failed
# while something did.
summary() {
  local passed failed index broken=0
  /usr/bin/python3 Tools/dev/tally.py "$results"/*.xml >"$results/tally"
  read -r passed failed <"$results/tally"
  heading "summary"
  tail -n +2 "$results/tally"
  for index in "${!stage_names[@]}"; do
    printf '%-12s %8s s  %s\n' "${stage_names[index]}" "${stage_seconds[index]}" \
      "${stage_results[index]}"
    [[ ${stage_results[index]} == ok ]] || ((broken += 1))
  done
  ((failed >= broken)) || failed=$broken
  printf '\n%d passed, %d failed\n' "$passed" "$failed"
  ((failed == 0 && passed > 0))
}
