// swift-tools-version: 6.2
// The benchmarks stand in a package of their own, so that nobody who uses Anju builds them.
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func anju(_ name: String) -> Target.Dependency { .product(name: name, package: "anju") }

let package = Package(
  name: "anju-benchmarks",
  products: [
    .executable(name: "anju-bench-storage", targets: ["anju-bench-storage"]),
    .executable(name: "anju-bench-intake", targets: ["anju-bench-intake"]),
    .executable(name: "anju-bench-notification", targets: ["anju-bench-notification"]),
    .executable(name: "anju-bench-registry", targets: ["anju-bench-registry"]),
    .executable(name: "anju-bench-approval", targets: ["anju-bench-approval"]),
    .executable(name: "anju-bench-echo-server", targets: ["anju-bench-echo-server"]),
    .executable(name: "anju-bench-echo-client", targets: ["anju-bench-echo-client"]),
  ],
  dependencies: [
    .package(name: "anju", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
  ],
  targets: [
    .target(name: "Measuring", path: "Measuring", swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-intake",
      dependencies: [
        "Measuring", anju("Crypto"), anju("DomainModel"), anju("People"), anju("RPC"),
        anju("Transport"), anju("Wire"),
      ],
      path: "Intake", swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-notification",
      dependencies: [
        "Measuring", anju("Crypto"), anju("DomainModel"), anju("RPC"), anju("Transport"),
        anju("Wire"),
      ],
      path: "Notification", swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-registry",
      dependencies: [
        "Measuring", anju("Crypto"), anju("DomainModel"), anju("People"), anju("RPC"),
        anju("Transport"), anju("Wire"),
      ],
      path: "Registry", swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-approval",
      dependencies: [
        "Measuring", anju("Crypto"), anju("DomainModel"), anju("RPC"), anju("ServiceKit"),
        anju("Transport"), anju("Wire"), .product(name: "Logging", package: "swift-log"),
      ],
      path: "Approval", swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-storage",
      dependencies: [
        "Measuring", anju("DomainModel"), anju("Storage"), anju("StoragePostgres"),
        anju("StorageSQLite"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Storage", swiftSettings: settings),
    .target(
      name: "Echo", dependencies: [anju("RPC"), anju("Wire")], path: "RPC/Echo",
      swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-echo-server",
      dependencies: [
        "Echo", anju("DomainModel"), anju("RPC"), anju("ServiceKit"), anju("Transport"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
      ],
      path: "RPC/Server", swiftSettings: settings),
    .executableTarget(
      name: "anju-bench-echo-client",
      dependencies: [
        "Echo", anju("Crypto"), anju("DomainModel"), anju("RPC"), anju("Transport"), anju("Wire"),
      ],
      path: "RPC/Client", swiftSettings: settings),
  ]
)
