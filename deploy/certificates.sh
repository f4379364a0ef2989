#!/bin/bash
# Certificates for a trial, a test or one machine: an authority of its own, and from it one
# certificate for each service. Run again, it keeps the authority and renews the rest; running
# services take the new files by themselves. A province has its own authority: README.md says what
# certificates must contain.
set -euo pipefail
umask 077

usage='usage: deploy/certificates.sh FOLDER [SERVICE=NAME]...
  FOLDER        keeps the authority; FOLDER/SERVICE gets what that service needs, and nothing more:
                certificate.pem, key.pem, roots.pem
  SERVICE=NAME  one more name by which clients call a service, as in intake=apply.example.cn'

services=(intake approval notification registry)
root_days=3650
days=365

[[ $# -gt 0 ]] || { echo "$usage" >&2 && exit 64; }
folder=$1
shift
mkdir -p "$folder"
cd "$folder"

new_key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

if [[ ! -e roots.key ]]; then
  new_key roots.key
  openssl req -x509 -new -key roots.key -days "$root_days" -out roots.pem \
    -subj '/CN=Anju services' -addext keyUsage=critical,keyCertSign
fi

for argument in "$@"; do
  [[ $argument == ?*=?* && " ${services[*]} " == *" ${argument%%=*} "* ]] ||
    { echo "$usage" >&2 && exit 64; }
done

for service in "${services[@]}"; do
  names="DNS:$service,DNS:localhost,IP:127.0.0.1,IP:::1,URI:spiffe://anju/service/$service"
  for argument in "$@"; do
    [[ ${argument%%=*} != "$service" ]] || names+=",DNS:${argument#*=}"
  done
  mkdir -p "$service"
  new_key "$service/key.new"
  openssl req -new -key "$service/key.new" -subj "/CN=$service" -out "$service/request"
  openssl x509 -req -in "$service/request" -CA roots.pem -CAkey roots.key -days "$days" \
    -out "$service/certificate.new" -extfile <(printf '%s\n' \
      'basicConstraints=critical,CA:FALSE' 'keyUsage=critical,digitalSignature' \
      'extendedKeyUsage=serverAuth,clientAuth' "subjectAltName=$names") 2> /dev/null
  cp roots.pem "$service/roots.pem"
  mv "$service/key.new" "$service/key.pem"
  mv "$service/certificate.new" "$service/certificate.pem"
  rm "$service/request"
done
