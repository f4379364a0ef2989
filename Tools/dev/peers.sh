# shellcheck shell=bash
# The gRPC project's own interop server and client in C++, and its servers that misbehave, from
# Debian's source package of the gRPC that is installed. They stay in .anju/interop/<version>.

# What of the source package is unpacked.
peer_parts=(src/core src/cpp src/proto/grpc test/core test/cpp test/http2_test)

peer_protos=(src/proto/grpc/testing/{empty,messages,test}.proto)

# What both programs are made of, beside what the protos are compiled to.
peer_common=(
  test/cpp/util/{create_test_channel,test_config_cc,test_credentials_provider}.cc
  test/core/end2end/data/{client_certs,server1_cert,server1_key,test_root_cert}.cc
  test/core/util/{build,histogram,stack_tracer,test_config}.cc
  test/core/event_engine/test_init.cc
  test/core/security/oauth2_utils.cc
)
peer_server=(test/cpp/interop/{interop_server,interop_server_bootstrap,server_helper}.cc)
peer_client=(test/cpp/interop/{client,client_helper,interop_client}.cc)

# The folder of the peers that this file describes.
peers_folder() {
  printf '%s/%s/%s' "$PWD" "$state/interop" \
    "$(dpkg-query --show --showformat='${source:Version}' libgrpc++-dev)"
}

# Makes them if they are not there, or are those of another version of this file.
make_peers() {
  local folder wanted
  folder=$(peers_folder)
  wanted=$(sha256sum Tools/dev/peers.sh | cut -d ' ' -f 1)
  [[ $(cat "$folder/made" 2> /dev/null) == "$wanted" ]] && return 0
  say "building the gRPC project's interop peers in $folder (about a minute)"
  rm -rf "$folder"
  mkdir -p "$folder/source"
  fetch_debian_source libgrpc++-dev "$folder"
  tar --extract --file "$folder"/grpc_*.orig.tar.* --directory "$folder/source" \
    --strip-components 1 --wildcards "${peer_parts[@]/#/*/}"
  # Tests stay on loopback; the published server listens everywhere.
  sed -i 's/"0\.0\.0\.0:"/"127.0.0.1:"/' "$folder/source/test/cpp/interop/interop_server.cc"
  build_peers "$folder" > "$folder/build.log" 2>&1 ||
    { tail -n 20 "$folder/build.log" >&2 && fail "the peers do not build ($folder/build.log)"; }
  find "$folder/source" -name '*.o' -delete
  rm -rf "$folder/objects" "$folder/lists" "$folder/cache"
  echo "$wanted" > "$folder/made"
}

# Downloads the source package of an installed package as `apt-get source` does, checked against the
# archive's signature, from the mirror that the package came from. The machine's own lists and
# sources stay as they are, and root is not needed.
fetch_debian_source() {
  local package=$1 folder=$2 mirror suite component name version
  read -r mirror suite < <(LC_ALL=C apt-cache policy "$package" |
    awk '/^ \*\*\*/ { here = 1; next } here && $2 ~ /:/ { print $2, $3; exit }') ||
    fail "$package is from no archive that apt knows"
  component=${suite#*/}
  suite=${suite%/*}
  read -r name version < <(dpkg-query --show \
    --showformat='${source:Package} ${source:Version}\n' "$package")
  local keyring=/usr/share/keyrings/debian-archive-keyring.gpg signed=
  [[ -e $keyring ]] && signed="[signed-by=$keyring] "
  echo "deb-src ${signed}$mirror $suite $component" > "$folder/source.list"
  mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial"
  local options=(
    -o "Dir::Etc::SourceList=$folder/source.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$folder/lists" -o "Dir::Cache=$folder/cache"
    -o APT::Sandbox::User= -o APT::Get::List-Cleanup=false
  )
  (
    cd "$folder"
    apt-get "${options[@]}" update && apt-get "${options[@]}" source --download-only \
      "$name=$version"
  ) > "$folder/fetch.log" 2>&1 ||
    { tail -n 5 "$folder/fetch.log" >&2 && fail "the source of $name cannot be fetched"; }
}

# Each step says by itself that it failed: called from a condition, `set -e` is off in here.
build_peers() {
  local folder=$1 generated=$1/objects/generated
  mkdir -p "$generated" "$folder/bin"
  (
    cd "$folder/source" || exit
    protoc -I. --cpp_out="$generated" --grpc_out="$generated" \
      --plugin=protoc-gen-grpc="$(command -v grpc_cpp_plugin)" "${peer_protos[@]}" || exit
    mapfile -t compiled < <(cd "$generated" && find . -name '*.cc')
    {
      printf '%s\n' "${peer_common[@]}" "${peer_server[@]}" "${peer_client[@]}"
      printf '../objects/generated/%s\n' "${compiled[@]#./}"
    } | xargs -P "$(nproc)" -I{} g++ -O1 -std=c++17 -w -I. -I../objects/generated -c {} -o {}.o
  ) &&
    link_peer "$folder" interop_server "${peer_server[@]}" &&
    link_peer "$folder" interop_client "${peer_client[@]}"
}

link_peer() {
  local folder=$1 program=$2 objects libraries
  shift 2
  objects=("$@" "${peer_common[@]}")
  objects=("${objects[@]/%/.o}")
  objects=("${objects[@]/#/$folder/source/}")
  mapfile -t -O "${#objects[@]}" objects < <(find "$folder/objects" -name '*.o')
  read -ra libraries < <(pkg-config --libs grpc++ protobuf absl_flags_parse \
    absl_failure_signal_handler)
  g++ -o "$folder/bin/$program" "${objects[@]}" "${libraries[@]}"
}
