#!/bin/bash
# Certificates for a trial, a test or one machine: an authority of its own, and from it one
# certificate for each service, for the database and for the command line. Run again, it keeps the
# authority and renews the rest; running services take the new files by themselves. A province has
# its own authority: README.md says what certificates must contain.
set -euo pipefail
umask 077

usage='usage: certificates.sh FOLDER [SERVICE=NAME]...
  FOLDER        keeps the authority; FOLDER/SERVICE gets what that service needs, and nothing more:
                certificate.pem, key.pem, roots.pem; so do FOLDER/database, for a PostgreSQL server,
                and FOLDER/anju, for the command line, whose certificate names no service
  SERVICE=NAME  one more name by which clients call a service or the database, as in
                intake=apply.example.cn'

services=(intake approval notification registry)
servers=("${services[@]}" database)
root_days=3650
days=365

[[ $# -gt 0 ]] || { echo "$usage" >&2 && exit 64; }
folder=$1
shift
for argument in "$@"; do
  [[ $argument == ?*=?* && " ${servers[*]} " == *" ${argument%%=*} "* ]] ||
    { echo "$usage" >&2 && exit 64; }
done
mkdir -p "$folder"
cd "$folder"

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# The key is named last: an authority that a crash cut short is made anew.
if [[ ! -e roots.key ]]; then
  new_key roots.key.new
  openssl req -x509 -new -key roots.key.new -days "$root_days" -out roots.pem \
    -subj '/CN=Anju services' -addext keyUsage=critical,keyCertSign
  mv roots.key.new roots.key
fi

# issue OWNER USE [NAMES]: a certificate for what extendedKeyUsage says, with these names.
issue() {
  local owner=$1 use=$2 names=${3:-}
  mkdir -p "$owner"
  new_key "$owner/key.new"
  openssl req -new -key "$owner/key.new" -subj "/CN=$owner" -out "$owner/request"
  openssl x509 -req -in "$owner/request" -CA roots.pem -CAkey roots.key -days "$days" \
    -out "$owner/certificate.new" -extfile <(printf '%s\n' \
      'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
      "extendedKeyUsage=$use" ${names:+"subjectAltName=$names"}) 2> /dev/null
  cp roots.pem "$owner/roots.new"
  mv "$owner/roots.new" "$owner/roots.pem"
  mv "$owner/key.new" "$owner/key.pem"
  mv "$owner/certificate.new" "$owner/certificate.pem"
  rm "$owner/request"
}

for server in "${servers[@]}"; do
  names="DNS:$server,DNS:localhost,IP:127.0.0.1,IP:::1"
  use=serverAuth
  if [[ $server != database ]]; then
    # It calls the others with the same certificate, and is known by this name.
    names+=",URI:spiffe://anju/service/$server"
    use=serverAuth,clientAuth
  fi
  for argument in "$@"; do
    [[ ${argument%%=*} != "$server" ]] || names+=",DNS:${argument#*=}"
  done
  issue "$server" "$use" "$names"
done
issue anju clientAuth
