#!/bin/bash
# Healthy means that the service takes calls. Needs nothing but bash, which the image has anyway.
set -euo pipefail

exec 3<> "/dev/tcp/127.0.0.1/${ANJU_ADMIN_PORT:?}"
printf 'GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[[ $status == 200 ]]
