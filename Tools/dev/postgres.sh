#!/usr/bin/env bash
# A PostgreSQL server to throw away: on a free port of loopback, as no root, in a folder of its own.
#
# What users of it need stands in the folder: `port`, and `password` (of the user and database anju).
set -euo pipefail

usage='usage: Tools/dev/postgres.sh COMMAND FOLDER [MEGABYTES | NAME [PLACE|STATEMENTS|DATABASE]]
  start    makes a server in the folder, if there is none, and starts it on a free port, with so many
           MEGABYTES of shared buffers (64)
  database makes the database NAME, if there is none; with its files in the empty folder PLACE
  copy     makes the database NAME as a copy of DATABASE, to which nobody is connected
  sql      runs STATEMENTS in the database NAME, as one transaction, and prints rows with | between
  again    starts one that was stopped, on the port it had
  stop     stops it, letting it write its data down
  kill     stops it at once, as a failing machine would: every one of its processes by SIGKILL
  remove   stops it and removes the folder'

start_seconds_max=60

fail() {
  printf 'postgres: %s\n' "$*" >&2
  exit 1
}

# PostgreSQL refuses to run as root; Debian's package brings a user of its own.
as_nobody_special() {
  if [[ $EUID -eq 0 ]]; then
    setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
  else
    "$@"
  fi
}

bin_folder() {
  local found
  found=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2> /dev/null | sort -V | tail -n 1)
  [[ -n $found ]] || fail "there is no PostgreSQL server here; apt-get install postgresql-15"
  echo "$found"
}

# Below the ports that the kernel gives to whoever connects: one of those could be taken by any
# connection while the server is down.
free_port() {
  local first_given
  read -r first_given _ < /proc/sys/net/ipv4/ip_local_port_range
  echo $((10000 + SRANDOM % (first_given - 10000)))
}

make() {
  mkdir -p "$folder"
  chmod 711 "$folder"
  (umask 077 && head -c 18 /dev/urandom | base64 > "$folder/password")
  install --directory --mode 700 "$data"
  [[ $EUID -ne 0 ]] || chown postgres:postgres "$data"
  as_nobody_special test -w "$data" ||
    fail "the user postgres cannot reach $data: name a folder that others may enter"
  local secret=$data.password
  install --mode 600 "$folder/password" "$secret"
  [[ $EUID -ne 0 ]] || chown postgres "$secret"
  # A collation that sorts otherwise than bytes do: what relies on bytes must say so itself.
  (cd / && as_nobody_special "$bin/initdb" --pgdata "$data" --username anju --encoding UTF8 \
    --locale-provider icu --icu-locale zh --locale C.UTF-8 --auth scram-sha-256 \
    --pwfile "$secret") > "$folder/initdb.log" 2>&1 ||
    { tail -n 5 "$folder/initdb.log" >&2 && fail "initdb failed (whole log: $folder/initdb.log)"; }
  rm "$secret"
}

# Whoever waits for this script by something that it inherited must not wait for the server.
let_go_of_files() {
  local place number
  for place in /proc/self/fd/*; do
    number=${place##*/}
    ((number <= 2)) || eval "exec $number>&-"
  done
}

run() {
  local port=$1
  (let_go_of_files && cd / && as_nobody_special "$bin/pg_ctl" start --pgdata "$data" --log "$data/server.log" \
    --wait --timeout "$start_seconds_max" --silent --options \
    "-h 127.0.0.1 -p $port -k '' -c max_connections=300 -c shared_buffers=$(cat "$folder/megabytes")MB") \
    < /dev/null > /dev/null 2>&1
}

start() {
  [[ -e $data/PG_VERSION ]] || make
  echo "${1:-64}" > "$folder/megabytes"
  local tries=5 port
  while ((tries-- > 0)); do
    port=$(free_port)
    if run "$port"; then
      echo "$port" > "$folder/port"
      database anju
      return 0
    fi
  done
  tail -n 5 "$data/server.log" >&2
  fail "the server did not start (whole log: $data/server.log)"
}

client() {
  PGPASSWORD=$(cat "$folder/password") "$bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
    --host 127.0.0.1 --port "$(cat "$folder/port")" --username anju "$@"
}

database() {
  local name=$1 place=${2:-} where=''
  [[ $name =~ ^[a-z_]+$ ]] || fail "a database is named by letters and _, not \"$name\""
  [[ -z $(client --dbname postgres --tuples-only \
    --command "SELECT 1 FROM pg_database WHERE datname = '$name'") ]] || return 0
  if [[ -n $place ]]; then
    [[ $EUID -ne 0 ]] || chown postgres:postgres "$place"
    client --dbname postgres --command "CREATE TABLESPACE place_of_$name LOCATION '$place'"
    where="TABLESPACE place_of_$name"
  fi
  client --dbname postgres --command "CREATE DATABASE $name $where"
}

copy() { client --dbname postgres --command "CREATE DATABASE $1 TEMPLATE $2"; }

sql() { client --dbname "$1" --single-transaction --tuples-only --no-align --command "$2"; }

again() {
  run "$(cat "$folder/port")" ||
    { tail -n 5 "$data/server.log" >&2 && fail "the server did not start again"; }
}

stop() {
  [[ -e $data/postmaster.pid ]] || return 0
  (cd / && as_nobody_special "$bin/pg_ctl" stop --pgdata "$data" --mode fast --wait --silent) ||
    fail "the server in $data did not stop"
}

# The first process is stopped before it is killed, so that it does not start new ones meanwhile.
kill_all() {
  local first
  first=$(head -n 1 "$data/postmaster.pid")
  kill -STOP "$first"
  pkill -KILL -P "$first" || true
  kill -KILL "$first"
  local tries=500
  while [[ -e /proc/$first ]] && ((tries-- > 0)); do sleep 0.01; done
  # Dead, but nobody has fetched its exit status: the server would take it for alive.
  [[ ! -e /proc/$first ]] || rm "$data/postmaster.pid"
}

[[ $# -eq 2 || (${1:-} == start && $# -eq 3 && $3 =~ ^[0-9]+$) || (${1:-} == database && $# -ge 3 && $# -le 4) || (${1:-} == sql && $# -eq 4) || (${1:-} == copy && $# -eq 4) ]] ||
  { echo "$usage" >&2 && exit 64; }
command=$1
folder=$2
[[ $folder == /* ]] || folder=$PWD/$folder
data=$folder/data
bin=$(bin_folder)
case $command in
  start) start "${3:-}" ;;
  database) database "${3:?}" "${4:-}" ;;
  copy) copy "${3:?}" "${4:?}" ;;
  sql) sql "${3:?}" "${4:?}" ;;
  again) again ;;
  stop) stop ;;
  kill) kill_all ;;
  remove) stop && rm -rf "$folder" ;;
  *) echo "$usage" >&2 && exit 64 ;;
esac
