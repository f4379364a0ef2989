# shellcheck shell=bash
# ./dev load: a scenario against a fresh system that is thrown away, and its report.

dev_load() {
  local scenario=life store=sqlite out=$state/load first_port='' loaded=0 arguments=() command="./dev load $*"
  while [[ $# -gt 0 ]]; do
    case $1 in
      --scenario | --store | --out | --port | --rate | --seconds | --seed | --lag-ms)
        [[ $# -gt 1 ]] || fail "$1 needs a value"
        ;;&
      --scenario) scenario=$2 ;;
      --store) store=$2 ;;
      --out) out=$2 ;;
      --port) first_port=$2 ;;
      --rate | --seconds | --seed | --lag-ms) arguments+=("$1" "$2") ;;
      *) fail "load knows --scenario, --rate, --seconds, --seed, --lag-ms, --store sqlite|postgres, --port and --out, got: $1" ;;
    esac
    shift 2
  done
  [[ $store == sqlite || $store == postgres ]] || fail "--store is sqlite or postgres, got: $store"
  [[ -z $first_port ]] || use_ports "$first_port"
  set_up
  require_free_ports
  local directory=${ANJU_BIN:-}
  if [[ -z $directory ]]; then
    build_release
    swift build "${release_flags[@]}" --product anju-load >&2 || fail "the release build failed"
    directory=$(release_directory)
  fi
  trap stop_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [[ $store == sqlite ]] || start_postgres
  prepare_throw_away
  [[ $store == postgres ]] || arguments+=(--data "$throw_away/data")
  start_services "$directory"
  heading "scenario $scenario on $store"
  ANJU_COMMAND=$command ANJU_COMMIT=$(git rev-parse --short HEAD 2> /dev/null || echo unknown) \
    "$directory/anju-load" run "$scenario" --out "$out" "${arguments[@]}" || loaded=$?
  [[ $store == postgres ]] || audit_log "$directory"
  report_memory
  exit "$loaded"
}

# The services keep everything in a folder that is removed at the end.
prepare_throw_away() {
  local name prefix
  throw_away=$(mktemp -d)
  export ANJU_KEYS=$throw_away/keys NOTIFICATION_GATEWAY_FILE=$throw_away/sms.jsonl
  for name in "${service_names[@]}"; do
    prefix=${name^^}
    export "${prefix}_KEYS_DIRECTORY=$ANJU_KEYS" "${prefix}_DATA_DIRECTORY=$throw_away/data" \
      "${prefix}_BACKUP_DIRECTORY=$throw_away/backups"
  done
}

# Every leaf of the log computed anew, from a copy of the registry's store.
audit_log() {
  local directory=$1
  heading "auditing the registry's log"
  "$directory/anju" head --save "$throw_away/head.json" --key "$ANJU_KEYS/registry.sm2.pub.pem"
  "$directory/anju" backup >&2
  cp "$throw_away"/backups/registry-*.db "$throw_away/audited.db"
  "$directory/anju" audit --witness "$throw_away/head.json" --store "$throw_away/audited.db" \
    --keys "$ANJU_KEYS"
}
