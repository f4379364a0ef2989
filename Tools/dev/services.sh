# shellcheck shell=bash
# The four services on this machine's loopback: start, wait, measure, stop.

service_names=(intake approval notification registry)
declare -A service_product=(
  [intake]=IntakeServer [approval]=ApprovalServer
  [notification]=NotificationServer [registry]=CertificateRegistryServer
)
declare -A service_port=([intake]=50051 [approval]=50052 [notification]=50053 [registry]=50054)
declare -A service_peers=(
  [intake]='approval notification registry' [approval]='intake registry'
  [notification]=intake [registry]='intake notification'
)
declare -A service_pid=()

ready_seconds_max=30
stop_seconds_max=30
memory_aim_mb=40

# Where a sandbox keeps what it is told, apart from the data of other runs.
sandbox=$state/sandbox

# The folder of the throw-away PostgreSQL server, while there is one.
postgres_folder=

# The folder of a system that is thrown away at the end, while there is one.
throw_away=

dev_run() {
  local once=no store=sqlite in_sandbox=no first_port=''
  while [[ $# -gt 0 ]]; do
    case $1 in
      --once) once=yes ;;
      --sandbox) in_sandbox=yes ;;
      --store | --port)
        [[ $# -gt 1 ]] || fail "$1 needs a value"
        ;;&
      --store) store=$2 && shift ;;
      --port) first_port=$2 && shift ;;
      *) fail "run knows --once, --sandbox, --store sqlite|postgres and --port N, got: $1" ;;
    esac
    shift
  done
  [[ $store == sqlite || $store == postgres ]] || fail "--store is sqlite or postgres, got: $store"
  [[ -z $first_port ]] || use_ports "$first_port"
  set_up
  require_free_ports
  local directory=${ANJU_BIN:-}
  if [[ -z $directory ]]; then
    build_release
    directory=$(release_directory)
  fi
  trap stop_services EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [[ $store == sqlite ]] || start_postgres
  [[ $in_sandbox == no ]] || prepare_sandbox
  start_services "$directory"
  if [[ $in_sandbox == no ]]; then walk "$directory"; else fill_sandbox "$directory"; fi
  report_memory
  if [[ $once == no ]]; then
    heading "serving on 127.0.0.1:${service_port[intake]} to ${service_port[registry]}; Ctrl-C stops"
    trap 'exit 0' INT TERM
    serve_on
  fi
}

# In megabytes: what PostgreSQL's documentation advises for the shared buffers of a server.
quarter_of_memory() { awk '/^MemTotal:/ { print int($2 / 4096) }' /proc/meminfo; }

# One server, a database a service. Like the data in it, it is thrown away at the end.
start_postgres() {
  local name prefix
  install_debian "${debian_packages_for_postgres[@]}"
  heading "starting a PostgreSQL server to throw away"
  postgres_folder=$(mktemp -d)
  Tools/dev/postgres.sh start "$postgres_folder" "$(quarter_of_memory)"
  for name in "${service_names[@]}"; do
    Tools/dev/postgres.sh database "$postgres_folder" "anju_$name"
    prefix=${name^^}_STORE
    export "${prefix}_ENGINE=postgres" "${prefix}_PORT=$(cat "$postgres_folder/port")" \
      "${prefix}_PASSWORD_FILE=$postgres_folder/password"
  done
}

# The services keep to a clock that can be moved, and to data of their own.
prepare_sandbox() {
  local name prefix
  mkdir -p "$sandbox"
  export ANJU_CLOCK=$sandbox/clock ANJU_KEYS=$sandbox/keys
  for name in "${service_names[@]}"; do
    prefix=${name^^}
    export "${prefix}_SANDBOX_CLOCK=$ANJU_CLOCK" "${prefix}_KEYS_DIRECTORY=$ANJU_KEYS" \
      "${prefix}_DATA_DIRECTORY=$sandbox/data" "${prefix}_BACKUP_DIRECTORY=$sandbox/backups"
  done
  # A clock that runs years ahead is what a sandbox is for.
  export REGISTRY_ISSUING_CLOCK_AHEAD_DAYS=36500
}

# Somebody to try each kind of application with, and officers who decide.
fill_sandbox() {
  local script=$sandbox/officers.tsv
  heading "persons of the sandbox"
  "$1/anju" seed || fail "the sample persons were not taken"
  [[ -f $script ]] || printf '# who\tstage\tdecision\treasons\n' > "$script"
  heading "officers decide what comes, as $script says; the clock: ANJU_CLOCK=$ANJU_CLOCK anju clock"
  setsid setpriv --pdeathsig TERM -- "$1/anju" officers --script "$script" \
    < /dev/null > "$state/log/officers.log" 2>&1 &
}

# The services on four ports in a row from this one on, their admin ports 1000 above.
use_ports() {
  local port=$1 name peer
  if [[ ! $port =~ ^[1-9][0-9]{3,4}$ ]] || ((port < 1024 || port > 64532)); then
    fail "--port is from 1024 to 64532, got: $port"
  fi
  for name in "${service_names[@]}"; do
    service_port[$name]=$((port++))
    export "${name^^}_LISTEN_PORT=${service_port[$name]}" \
      "${name^^}_ADMIN_PORT=$(admin_port "$name")" "ANJU_${name^^}=127.0.0.1:${service_port[$name]}" \
      "ANJU_${name^^}_METRICS=127.0.0.1:$(admin_port "$name")"
  done
  for name in "${service_names[@]}"; do
    for peer in ${service_peers[$name]}; do
      export "${name^^}_PEERS_${peer^^}=127.0.0.1:${service_port[$peer]}"
    done
  done
}

require_free_ports() {
  local name port
  for name in "${service_names[@]}"; do
    for port in "${service_port[$name]}" "$(admin_port "$name")"; do
      if is_open "$port"; then
        fail "port $port, which the $name service needs, is taken by another process"
      fi
    done
  done
}

admin_port() { echo $((service_port[$1] + 1000)); }

is_open() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }

start_services() {
  local directory=$1 name
  mkdir -p "$state/log"
  heading "starting the four services; their logs are in $state/log"
  for name in "${service_names[@]}"; do
    # In a session of its own, so that Ctrl-C reaches only this script, which then drains them;
    # and told to stop if this script is killed.
    setsid setpriv --pdeathsig TERM -- "$directory/${service_product[$name]}" \
      < /dev/null > "$state/log/$name.log" 2>&1 &
    service_pid[$name]=$!
  done
  for name in "${service_names[@]}"; do
    wait_until_ready "$name"
  done
}

wait_until_ready() {
  local name=$1 tries=$((ready_seconds_max * 10))
  while ((tries-- > 0)); do
    [[ $(ready_status "$name") == 200 ]] && return 0
    is_alive "$name" || fail_with_log "$name" "the $name service ended while it started"
    sleep 0.1
  done
  fail_with_log "$name" "the $name service was not ready within $ready_seconds_max s"
}

ready_status() {
  local status=
  {
    exec 3<> "/dev/tcp/127.0.0.1/$(admin_port "$1")" &&
      printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3 &&
      read -r -t 2 _ status _ <&3
  } 2> /dev/null
  exec 3>&- 2> /dev/null
  echo "$status"
}

is_alive() { kill -0 "${service_pid[$1]}" 2> /dev/null; }

fail_with_log() {
  local name=$1
  shift
  tail -n 10 "$state/log/$name.log" >&2
  fail "$*"
}

walk() {
  heading "one application, from form to SMS"
  "$1/anju" walk || fail "the walk failed"
}

report_memory() {
  heading "memory (aim: under $memory_aim_mb MB each)"
  local name kb
  for name in "${service_names[@]}"; do
    kb=$(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\) kB/\1/p' "/proc/${service_pid[$name]}/status")
    printf '%-14s %3d MB\n' "$name" $(((kb + 1023) / 1024))
  done
}

# Until Ctrl-C, or until a service ends, which it should not.
serve_on() {
  local ended=0 name
  wait -n "${service_pid[@]}" || ended=$?
  for name in "${service_names[@]}"; do
    is_alive "$name" || fail_with_log "$name" "the $name service ended by itself (status $ended)"
  done
}

stop_services() {
  local status=$? name
  trap '' INT TERM
  trap - EXIT
  [[ ${#service_pid[@]} -eq 0 ]] || heading "stopping"
  for name in "${!service_pid[@]}"; do
    kill -TERM "${service_pid[$name]}" 2> /dev/null || true
  done
  for name in "${!service_pid[@]}"; do
    stop_one "$name" || status=1
  done
  [[ -z $postgres_folder ]] || Tools/dev/postgres.sh remove "$postgres_folder" || status=1
  [[ -z $throw_away ]] || rm -rf "$throw_away"
  exit "$status"
}

# Waits for one service that was told to stop; kills it if it does not. Fails unless it ended well.
stop_one() {
  local name=$1 tries=$((stop_seconds_max * 10)) ended=0
  while is_alive "$name" && ((tries-- > 0)); do sleep 0.1; done
  if is_alive "$name"; then
    kill -KILL "${service_pid[$name]}" 2> /dev/null
    say "dev: the $name service did not stop within $stop_seconds_max s and was killed"
  fi
  wait "${service_pid[$name]}" || ended=$?
  ((ended == 0)) || say "dev: the $name service ended with status $ended"
  ((ended == 0))
}
