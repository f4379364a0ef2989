// swift-tools-version: 6.2
// The benchmarks stand in a package of their own, so that nobody who uses Anju builds them.
import PackageDescription

let package = Package(
  name: "anju-benchmarks",
  products: [.executable(name: "anju-bench-storage", targets: ["anju-bench-storage"])],
  dependencies: [
    .package(name: "anju", path: "../.."),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
  ],
  targets: [
    .executableTarget(
      name: "anju-bench-storage",
      dependencies: [
        .product(name: "DomainModel", package: "anju"),
        .product(name: "IntakeCore", package: "anju"),
        .product(name: "Storage", package: "anju"),
        .product(name: "StorageSQLite", package: "anju"),
        .product(name: "Logging", package: "swift-log"),
      ],
      path: "Storage",
      swiftSettings: [
        .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ])
  ]
)
