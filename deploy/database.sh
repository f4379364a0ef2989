#!/bin/bash
# The PostgreSQL server of docker-compose.yml: a database and a role for each service, by TLS only.
# Needs nothing but PostgreSQL 15, so that it runs in Debian's image and in PostgreSQL's own alike.
#
# SIGHUP has it read renewed certificates. New passwords hold from the next start on.
set -euo pipefail
umask 077

usage='usage: database.sh FOLDER CREDENTIALS [PORT]
  FOLDER        keeps the data, and the socket by which the user that runs this is the superuser
  CREDENTIALS   certificate.pem and key.pem of the server, SERVICE.password of each role'

services=(intake approval notification registry)
bin=/usr/lib/postgresql/15/bin
connections_max=200
recovery_seconds_max=3600

[[ $# -eq 2 || $# -eq 3 ]] || { echo "$usage" >&2 && exit 64; }
place=$1
credentials=$2
port=${3:-5432}
data=$place/data
superuser=$(id --user --name)

fail() {
  echo "anju-database: $*" >&2
  exit 1
}

# Made aside and named last, so that a first start that was cut short begins again.
make() {
  rm -rf "$data.new"
  "$bin/initdb" --pgdata "$data.new" --username "$superuser" --encoding UTF8 --locale C.UTF-8 \
    --auth scram-sha-256 --auth-local peer --data-checksums
  mv "$data.new" "$data"
}

sql() {
  "$bin/psql" --no-psqlrc --quiet --set ON_ERROR_STOP=1 --host "$place" --port "$port" \
    --username "$superuser" --dbname postgres "$@"
}

# role SERVICE: its role, with the password of now, and its database. The password is read by psql,
# and stands in no argument.
role() {
  sql --set role="anju_$1" --set file="$credentials/$1.password" > /dev/null <<'SQL'
\set password `cat :'file'`
SELECT format('CREATE ROLE %I LOGIN', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \gexec
ALTER ROLE :"role" PASSWORD :'password';
SELECT format('CREATE DATABASE %I OWNER %I', :'role', :'role')
 WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'role') \gexec
REVOKE ALL ON DATABASE :"role" FROM PUBLIC;
SQL
}

for file in certificate.pem key.pem "${services[@]/%/.password}"; do
  [[ -s $credentials/$file ]] || fail "$credentials/$file is not there: credentials.sh makes it"
done
[[ -e $data/PG_VERSION ]] || make

# A role reaches the database of its own name, by TLS; the superuser is the user that this runs as.
printf '%s\n' "local all $superuser peer" 'hostssl sameuser all all scram-sha-256' \
  > "$data/pg_hba.conf"
cat > "$data/postgresql.conf" <<CONF
port = $port
listen_addresses = '*'
unix_socket_directories = '$place'
max_connections = $connections_max
ssl = on
ssl_min_protocol_version = 'TLSv1.3'
ssl_cert_file = '$credentials/certificate.pem'
ssl_key_file = '$credentials/key.pem'
CONF

# By the socket alone, until every role has its password.
"$bin/pg_ctl" start --pgdata "$data" --wait --timeout "$recovery_seconds_max" --silent \
  --options "-c listen_addresses=''"
for service in "${services[@]}"; do role "$service"; done
"$bin/pg_ctl" stop --pgdata "$data" --wait --mode fast --silent
exec "$bin/postgres" -D "$data"
