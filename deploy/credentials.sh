#!/bin/bash
# What each container of docker-compose.yml proves itself with, into a folder of its own: its
# certificate, its password for the database, the public keys of the trial's login, whose private
# half only the command line gets. Run again, it renews the certificates and keeps the rest.
set -euo pipefail
umask 077

usage='usage: [ANJU_NAMES="SERVICE=NAME..."] credentials.sh FOLDER
  FOLDER        keeps the authority; FOLDER/SERVICE gets what certificates.sh makes, and also:
  password      the password of the database role anju_SERVICE; beside it in FOLDER/database,
                where it is named SERVICE.password
  login.json    the keys that tokens of people are verified with (JWK Set)
  FOLDER/anju gets the key that signs them: whoever reads it may call as anybody
  ANJU_NAMES    more names for certificates, as certificates.sh takes them'

[[ $# -eq 1 ]] || { echo "$usage" >&2 && exit 64; }
read -ra names <<< "${ANJU_NAMES:-}"

anju-certificates "$1" "${names[@]}"
cd "$1"

# Puts its input in a file that others read meanwhile: whole, or not at all.
save() {
  cat > "$1.new"
  mv "$1.new" "$1"
}

login=$(anju token-keys --keys anju)
for service in intake approval notification registry; do
  [[ -e $service/password ]] || head -c 24 /dev/urandom | base64 | save "$service/password"
  save "database/$service.password" < "$service/password"
  save "$service/login.json" <<< "$login"
done
