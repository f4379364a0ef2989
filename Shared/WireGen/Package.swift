// swift-tools-version: 6.2
// The generator is a package of its own, so that building Anju never needs it: what it writes is
// committed under Shared/Wire/Generated. `proto/generate.sh` writes CDescriptor before it builds.
import PackageDescription

let package = Package(
  name: "WireGen",
  targets: [
    .target(
      name: "CDescriptor", path: "CDescriptor",
      linkerSettings: [.linkedLibrary("protobuf-c")]),
    .executableTarget(
      name: "wiregen", dependencies: ["CDescriptor"],
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ]),
  ]
)
