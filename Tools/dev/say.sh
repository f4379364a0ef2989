# shellcheck shell=bash
# How ./dev talks: what it does on standard error, so that results can be piped.

say() { printf '%s\n' "$*" >&2; }

heading() { printf '\n== %s\n' "$*" >&2; }

fail() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

no_arguments() {
  local command=$1
  shift
  [[ $# -eq 0 ]] || fail "$command takes no arguments, got: $*"
}

# Milliseconds since some moment, for durations.
now_ms() { echo $(($(date +%s%N) / 1000000)); }

seconds_since() {
  local ms=$(($(now_ms) - $1))
  printf '%d.%01d' $((ms / 1000)) $((ms % 1000 / 100))
}
