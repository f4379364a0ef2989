#!/bin/bash
# Certificates for a trial, a test or one machine: an authority of its own, and from it one
# certificate for each service. Run again, it keeps the authority and renews the rest; running
# services take the new files by themselves. A province has its own authority: README.md says what
# certificates must contain.
set -euo pipefail
umask 077

usage='usage: deploy/certificates.sh FOLDER [SERVICE=NAME]...
  FOLDER        gets roots.pem, and SERVICE.pem and SERVICE.key for each service
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
  new_key "$service.key.new"
  openssl req -new -key "$service.key.new" -subj "/CN=$service" -out "$service.csr"
  openssl x509 -req -in "$service.csr" -CA roots.pem -CAkey roots.key -days "$days" \
    -out "$service.pem.new" -extfile <(printf '%s\n' 'basicConstraints=critical,CA:FALSE' \
      'keyUsage=critical,digitalSignature' 'extendedKeyUsage=serverAuth,clientAuth' \
      "subjectAltName=$names") 2> /dev/null
  mv "$service.key.new" "$service.key"
  mv "$service.pem.new" "$service.pem"
  rm "$service.csr"
done
