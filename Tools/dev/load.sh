# shellcheck shell=bash
# ./dev load: a scenario against a system of its own, fresh or populated, and its report.

dev_load() {
  local scenario=life store=sqlite out=$state/load first_port='' folder='' persons='' loaded=0 arguments=() command="./dev load $*"
  while [[ $# -gt 0 ]]; do
    case $1 in
      --scenario | --store | --out | --port | --rate | --seconds | --seed | --lag-ms | --persons | --folder)
        [[ $# -gt 1 ]] || fail "$1 needs a value"
        ;;&
      --scenario) scenario=$2 ;;
      --store) store=$2 ;;
      --out) out=$2 ;;
      --port) first_port=$2 ;;
      --persons) persons=$2 ;;
      --folder) folder=$2 ;;
      --rate | --seconds | --seed | --lag-ms) arguments+=("$1" "$2") ;;
      *) fail "load knows --scenario, --rate, --seconds, --seed, --lag-ms, --persons, --folder, --store sqlite|postgres, --port and --out, got: $1" ;;
    esac
    shift 2
  done
  [[ $store == sqlite || $store == postgres ]] || fail "--store is sqlite or postgres, got: $store"
  [[ -z $folder || $store == sqlite ]] || fail "--folder keeps SQLite's stores; a PostgreSQL server is thrown away"
  require_same_persons "$folder" "$persons"
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
  prepare_system "$folder"
  [[ -z $persons || -e $system/data/populated.json ]] || populate "$directory" "$persons"
  [[ ! -e $system/data/populated.json ]] || arguments+=(--populated "$system/data/populated.json")
  [[ $store == postgres ]] || arguments+=(--data "$system/data")
  start_services "$directory"
  heading "scenario $scenario on $store"
  ANJU_COMMAND=$command ANJU_COMMIT=$(git rev-parse --short HEAD 2> /dev/null || echo unknown) \
    "$directory/anju-load" run "$scenario" --out "$out" "${arguments[@]}" || loaded=$?
  [[ $store == postgres ]] || audit_log "$directory"
  report_memory
  exit "$loaded"
}

# The services keep everything in this folder, `system`; without one, in a folder that is removed at the end.
prepare_system() {
  local name prefix
  system=$1
  if [[ -n $system ]]; then
    mkdir -p "$system"
    system=$(realpath "$system")
  else
    throw_away=$(mktemp -d)
    system=$throw_away
  fi
  export ANJU_KEYS=$system/keys NOTIFICATION_GATEWAY_FILE=$system/sms.jsonl
  for name in "${service_names[@]}"; do
    prefix=${name^^}
    export "${prefix}_KEYS_DIRECTORY=$ANJU_KEYS" "${prefix}_DATA_DIRECTORY=$system/data" \
      "${prefix}_BACKUP_DIRECTORY=$system/backups"
  done
}

# The persons of a folder are made once.
require_same_persons() {
  local file=$1/data/populated.json stored
  [[ -n $1 && -n $2 && -e $file ]] || return 0
  stored=$(sed -n 's/.*"persons": *\([0-9]*\).*/\1/p' "$file")
  [[ $stored == "$2" ]] ||
    fail "$1 was populated with $stored persons, not $2: leave out --persons, or give another --folder"
}

# Stores with so many persons, before the services start on them.
populate() {
  heading "populating with $2 persons"
  "$1/anju-load" populate --persons "$2" || fail "the stores were not populated"
}

# Every leaf of the log computed anew, from a copy of the registry's store.
audit_log() {
  local directory=$1 copies
  heading "auditing the registry's log"
  "$directory/anju" head --save "$system/head.json" --key "$ANJU_KEYS/registry.sm2.pub.pem"
  "$directory/anju" backup registry >&2
  # Their names end in the time, so the last one is the newest.
  copies=("$system"/backups/registry-*.db)
  cp "${copies[-1]}" "$system/audited.db"
  "$directory/anju" audit --witness "$system/head.json" --store "$system/audited.db" \
    --keys "$ANJU_KEYS"
  rm "$system/audited.db"
}
