#!/usr/bin/env bash
# Writes everything that follows from proto/: the C of protoc-c under Shared/CWire, the Swift of
# wiregen under Shared/Wire/Generated.
#
#   proto/generate.sh            writes it
#   proto/generate.sh --check    writes it to a temporary folder and fails where the tree differs
#   proto/generate.sh --release  writes proto/released.binpb: from now on integrators rely on it
set -euo pipefail
export LC_ALL=C
cd "$(dirname "$0")/.."

mode="${1:-}"
case "$mode" in
  "" | --check | --release) ;;
  *)
    echo "usage: proto/generate.sh [--check | --release]" >&2
    exit 2
    ;;
esac

for tool in protoc protoc-c swift; do
  command -v "$tool" >/dev/null || {
    echo "generate: $tool is missing (protobuf-compiler, protobuf-c-compiler, Swift)" >&2
    exit 2
  }
done

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mapfile -t protos < <(cd proto && find . -name '*.proto' | sed 's|^\./||' | sort)

if [ "$mode" = --release ]; then
  mapfile -t ours < <(printf '%s\n' "${protos[@]}" | grep '^anju/')
  protoc -I proto --include_imports --descriptor_set_out=proto/released.binpb "${ours[@]}"
  echo "generate: proto/released.binpb holds ${#ours[@]} files"
  exit 0
fi

# wiregen reads descriptor sets with protobuf-c; libprotobuf-dev has the set's own contract.
build_wiregen() {
  local package=Shared/WireGen
  if [ ! -e "$package/CDescriptor/descriptor.pb-c.c" ]; then
    mkdir -p "$package/CDescriptor/include"
    protoc-c -I /usr/include --c_out="$package/CDescriptor/include" google/protobuf/descriptor.proto
    mv "$package/CDescriptor/include/google/protobuf/descriptor.pb-c.c" "$package/CDescriptor/"
  fi
  swift build --package-path "$package" --product wiregen >"$scratch/build.log" 2>&1 || {
    cat "$scratch/build.log" >&2
    exit 1
  }
  wiregen="$(swift build --package-path "$package" --show-bin-path)/wiregen"
}

# generate <folder>: everything, below the folder as it stands in the tree.
generate() {
  local c="$1/Shared/CWire/generated" include="$1/Shared/CWire/include"
  local swift="$1/Shared/Wire/Generated"
  mkdir -p "$c" "$include" "$swift"
  protoc -I proto --include_source_info --descriptor_set_out="$scratch/set.binpb" "${protos[@]}"
  "$wiregen" "$scratch/set.binpb" "$swift"
  protoc-c -I proto --c_out="$include" "${protos[@]}"
  local file
  for file in "${protos[@]}"; do
    mkdir -p "$c/$(dirname "$file")"
    mv "$include/${file%.proto}.pb-c.c" "$c/$(dirname "$file")/"
  done
}

build_wiregen
generate "$scratch/new"
if [ "$mode" = --check ]; then
  cp Shared/CWire/include/module.modulemap "$scratch/new/Shared/CWire/include/"
  for folder in Shared/CWire/generated Shared/CWire/include Shared/Wire/Generated; do
    diff -r -q "$folder" "$scratch/new/$folder" || {
      echo "generate: $folder is not what proto/ says; run ./dev generate and commit" >&2
      exit 1
    }
  done
  echo "generate: ${#protos[@]} protos, nothing differs"
else
  rm -rf Shared/CWire/generated Shared/Wire/Generated
  find Shared/CWire/include -mindepth 1 ! -name module.modulemap -delete
  cp -R "$scratch/new/Shared/." Shared/
  echo "generate: ${#protos[@]} protos"
fi
