// swift-tools-version: 6.2
// Targets stand in dependency order: each depends only on those above it.
import PackageDescription

/// `./dev` sets it: warnings are errors there, and only warnings for a stranger's newer compiler.
let isStrict = Context.environment["ANJU_STRICT"] == "1"

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isStrict ? [.treatAllWarnings(as: .error)] : [])

let log: Target.Dependency = .product(name: "Logging", package: "swift-log")
let metrics: Target.Dependency = .product(name: "Metrics", package: "swift-metrics")

/// A library of the house.
func shared(
  _ name: String, _ dependencies: [Target.Dependency] = [], documents: [String] = ["README.md"]
) -> Target {
  .target(
    name: name, dependencies: dependencies, path: "Shared/\(name)", exclude: documents,
    swiftSettings: settings)
}

/// A module map over a library that Debian packages.
func library(_ name: String, pkgConfig: String, apt package: String) -> Target {
  .systemLibrary(
    name: name, path: "Shared/\(name)", pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// A suite of tests over one module.
func suite(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(
    name: name, dependencies: dependencies + ["TestSupport"], path: "Tests/\(name)",
    swiftSettings: settings)
}

/// One of the four services: its core, its executable and its suite, which may hold it against
/// others' cores (`beside`).
func service(
  _ name: String, with extra: [Target.Dependency] = [], beside: [Target.Dependency] = []
) -> [Target] {
  [
    .target(
      name: "\(name)Core",
      dependencies: [
        "DomainModel", "RPC", "Wire", "Storage", "Crypto", "ServiceCore", log,
      ] + extra,
      path: "Services/\(name)/Core", swiftSettings: settings),
    .executableTarget(
      name: "\(name)Server",
      dependencies: [
        .target(name: "\(name)Core"), "Crypto", "DomainModel", "RPC", "ServiceKit",
      ] + extra,
      path: "Services/\(name)/Server", swiftSettings: settings),
    suite(
      "\(name)Tests",
      [.target(name: "\(name)Core"), "ServiceCore", "StorageSQLite"] + extra + beside),
  ]
}

/// One end of the gRPC project's interoperability tests.
func interop(_ name: String, _ folder: String, with extra: [Target.Dependency] = []) -> Target {
  .executableTarget(
    name: name,
    dependencies: [
      "DomainModel", "RPC", "ServiceKit", "Transport", "Wire", log,
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ] + extra,
    path: "Tests/Interop/\(folder)", swiftSettings: settings)
}

let package = Package(
  name: "anju",
  products: [
    .library(name: "DomainModel", targets: ["DomainModel"]),
    .library(name: "Storage", targets: ["Storage"]),
    .library(name: "StoragePostgres", targets: ["StoragePostgres"]),
    .library(name: "StorageSQLite", targets: ["StorageSQLite"]),
    .library(name: "RPC", targets: ["RPC"]),
    .library(name: "Wire", targets: ["Wire"]),
    .library(name: "Transport", targets: ["Transport"]),
    .library(name: "Crypto", targets: ["Crypto"]),
    .library(name: "PermitProof", targets: ["PermitProof"]),
    .library(name: "Documents", targets: ["Documents"]),
    .library(name: "ServiceKit", targets: ["ServiceKit"]),
    .library(name: "IntakeCore", targets: ["IntakeCore"]),
    .library(name: "People", targets: ["People"]),
    .executable(name: "anju", targets: ["anju"]),
    .executable(name: "anju-load", targets: ["anju-load"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // No trait: its JSON reader needs the whole of Foundation in every server's memory.
    .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: []),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
  ],
  targets: [
    library("CNghttp2", pkgConfig: "libnghttp2", apt: "libnghttp2-dev"),
    library("CProtobufC", pkgConfig: "libprotobuf-c", apt: "libprotobuf-c-dev"),
    library("CSQLite", pkgConfig: "sqlite3", apt: "libsqlite3-dev"),
    library("CPostgres", pkgConfig: "libpq", apt: "libpq-dev"),
    library("COpenSSL", pkgConfig: "libcrypto", apt: "libssl-dev"),
    library("CJose", pkgConfig: "jose", apt: "libjose-dev"),
    library("CZlib", pkgConfig: "zlib", apt: "zlib1g-dev"),
    library("CCairo", pkgConfig: "pangocairo", apt: "libpango1.0-dev"),
    library("CQRCode", pkgConfig: "libqrencode", apt: "libqrencode-dev"),
    library("CTurboJPEG", pkgConfig: "libturbojpeg", apt: "libturbojpeg0-dev"),

    shared("DomainModel", documents: ["README.md", "GLOSSARY.md"]),
    shared("RPC", ["DomainModel", log, metrics]),
    shared("HTTP2", ["CNghttp2"]),
    shared(
      "Transport",
      [
        "DomainModel", "RPC", "HTTP2", "CZlib", log, metrics,
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOTLS", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .target(
      name: "CWire", dependencies: ["CProtobufC"], path: "Shared/CWire", exclude: ["README.md"]),
    shared("Wire", ["DomainModel", "RPC", "CWire", "CProtobufC"]),
    shared("Storage", ["DomainModel", log, metrics]),
    shared("StorageEngine", ["DomainModel", "Storage", log]),
    shared("StoragePostgres", ["DomainModel", "Storage", "StorageEngine", "CPostgres", log]),
    shared("Crypto", ["DomainModel", "COpenSSL", "CJose"]),
    shared("PermitProof", ["Crypto", "DomainModel"]),
    shared("Documents", ["DomainModel", "CCairo", "CQRCode", "CTurboJPEG"]),
    shared(
      "StorageSQLite",
      ["Crypto", "DomainModel", "Storage", "StorageEngine", "CSQLite", log, metrics]),
    shared("ServiceCore", ["DomainModel", "RPC", "Wire", "Storage", "Crypto", log]),
    shared("Papers", ["Crypto", "Documents", "DomainModel", "RPC", "ServiceCore"]),
    shared(
      "ServiceKit",
      [
        "DomainModel", "RPC", "Transport", "Wire", "Storage", "StoragePostgres", "StorageSQLite",
        "Crypto", "ServiceCore", log, metrics,
        .product(name: "Configuration", package: "swift-configuration"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
        .product(name: "UnixSignals", package: "swift-service-lifecycle"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(
      name: "NotificationGateways", dependencies: ["Crypto", "DomainModel", "Transport", log],
      path: "Services/Notification/Gateways", swiftSettings: settings),
  ] + service("CertificateRegistry", with: ["Documents", "Papers", "PermitProof", metrics])
    + service("Intake", with: ["Documents", "Papers"])
    + service("Approval", with: [metrics], beside: ["IntakeCore"])
    + service("Notification", with: ["NotificationGateways"]) + [
      .target(
        name: "Reconciliation", dependencies: ["DomainModel", "Wire"], path: "Tools/Reconciliation",
        swiftSettings: settings),
      .target(
        name: "LoadReport", path: "Tools/LoadReport", exclude: ["README.md"],
        swiftSettings: settings),
      .target(
        name: "People", dependencies: ["DomainModel", "Wire"], path: "Tools/People",
        exclude: ["README.md"], swiftSettings: settings),
      .target(
        name: "ToolKit",
        dependencies: [
          "Crypto", "DomainModel", "RPC", "Transport", "Wire",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tools/ToolKit", exclude: ["README.md"], swiftSettings: settings),
      .executableTarget(
        name: "anju",
        dependencies: [
          "CertificateRegistryCore", "Crypto", "DomainModel", "People", "PermitProof", "RPC",
          "Reconciliation", "Storage", "StoragePostgres", "StorageSQLite", "ToolKit", "Transport",
          "Wire", log,
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tools/Anju", exclude: ["README.md"], swiftSettings: settings),
      .executableTarget(
        name: "anju-load",
        dependencies: [
          "ApprovalCore", "CertificateRegistryCore", "Crypto", "DomainModel", "IntakeCore",
          "LoadReport", "NotificationCore", "NotificationGateways", "Papers", "People",
          "PermitProof", "RPC", "Reconciliation", "ServiceCore", "ServiceKit", "Storage",
          "StorageSQLite", "ToolKit", "Transport", "Wire", log,
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tools/AnjuLoad", exclude: ["README.md", "Scenarios"], swiftSettings: settings),

      .target(
        name: "CStatementLog", dependencies: ["CSQLite"], path: "Tests/StatementLog"),
      .target(
        name: "TestSupport",
        dependencies: [
          "CStatementLog", "DomainModel", "RPC", "Wire", "Storage", "StoragePostgres",
          "StorageSQLite", "Crypto",
          "PermitProof", "ServiceCore", log,
        ],
        path: "Tests/TestSupport", swiftSettings: settings),
      suite("DomainModelTests", ["DomainModel"]),
      suite("CryptoTests", ["Crypto", "DomainModel"]),
      suite("PermitProofTests", ["Crypto", "DomainModel", "PermitProof"]),
      suite("DocumentsTests", ["Documents", "DomainModel", "StorageEngine"]),
      suite("RPCTests", ["RPC"]),
      suite("HTTP2Tests", ["HTTP2"]),
      suite(
        "TransportTests",
        [
          "Transport", "HTTP2",
          .product(name: "NIOCore", package: "swift-nio"),
          .product(name: "NIOEmbedded", package: "swift-nio"),
          .product(name: "NIOSSL", package: "swift-nio-ssl"),
          .product(name: "NIOTLS", package: "swift-nio"),
          .product(name: "NIOPosix", package: "swift-nio"),
        ]),
      suite("WireTests", ["DomainModel", "RPC", "Wire", log]),
      suite(
        "FuzzTests",
        [
          "DomainModel", "HTTP2", "NotificationGateways", "PermitProof", "RPC", "Transport", "Wire",
        ]),
      .target(
        name: "CFaultyDisk", dependencies: ["CSQLite"], path: "Tests/FaultyDisk"),
      .executableTarget(
        name: "StoreProbe",
        dependencies: ["DomainModel", "Storage", "StoragePostgres", "StorageSQLite", log],
        path: "Tests/StoreProbe", swiftSettings: settings),
      suite(
        "StorageTests",
        [
          "CFaultyDisk", "Crypto", "DomainModel", "Storage", "StorageEngine", "StoragePostgres",
          "StorageSQLite",
          "StoreProbe", log,
        ]),
      suite(
        "ServiceCoreTests",
        ["Crypto", "DomainModel", "RPC", "ServiceCore", "Storage", "StorageSQLite", "Wire"]),
      .executableTarget(
        name: "KitProbe", dependencies: ["DomainModel", "RPC", "ServiceKit", "TestSupport"],
        path: "Tests/KitProbe",
        swiftSettings: settings),
      .executableTarget(
        name: "ProofProbe", dependencies: ["Crypto", "DomainModel", "PermitProof", "TestSupport"],
        path: "Tests/ProofProbe", swiftSettings: settings),
      .executableTarget(
        name: "CallProbe",
        dependencies: [
          "Crypto", "DomainModel", "RPC", "TestSupport", "Transport",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tests/CallProbe", swiftSettings: settings),
      suite(
        "ServiceKitTests",
        [
          "Crypto", "DomainModel", "KitProbe", "RPC", "ServiceCore", "ServiceKit", "Storage",
          "StoragePostgres", "StorageSQLite", "ToolKit", "Transport", "Wire", log, metrics,
          .product(name: "NIOCore", package: "swift-nio"),
          .product(name: "NIOPosix", package: "swift-nio"),
        ]),
      .target(
        name: "SMSC",
        dependencies: [
          "DomainModel", "NotificationGateways",
          .product(name: "NIOCore", package: "swift-nio"),
          .product(name: "NIOPosix", package: "swift-nio"),
        ],
        path: "Tests/SMSC", swiftSettings: settings),
      .executableTarget(
        name: "SMSCProbe",
        dependencies: [
          "DomainModel", "SMSC", "TestSupport",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tests/SMSCProbe", swiftSettings: settings),
      .executableTarget(
        name: "GatewayProbe",
        dependencies: [
          "DomainModel", "NotificationGateways", "TestSupport", log,
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tests/GatewayProbe", swiftSettings: settings),
      suite(
        "GatewayTests",
        ["Crypto", "DomainModel", "NotificationGateways", "SMSC", "Transport", log]),
      interop(
        "interop-server", "Server",
        with: [.product(name: "UnixSignals", package: "swift-service-lifecycle")]),
      interop("interop-client", "Client", with: ["Crypto"]),
      .target(
        name: "Simulation",
        dependencies: [
          "DomainModel", "RPC", "Wire", "Storage", "StorageSQLite", "Crypto", "ServiceCore",
          "NotificationGateways", "IntakeCore", "ApprovalCore", "CertificateRegistryCore",
          "NotificationCore", "Papers", "Reconciliation", "TestSupport", log,
        ],
        path: "Tests/Simulation", exclude: ["README.md"], swiftSettings: settings),
      .executableTarget(
        name: "simulate",
        dependencies: [
          "Simulation", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        path: "Tests/Simulate", swiftSettings: settings),
      suite(
        "SimulationTests", ["DomainModel", "RPC", "Simulation", "Storage", "Wire", "simulate"]),
      suite("LoadReportTests", ["LoadReport"]),
      suite("AnjuTests", ["anju", "DomainModel", "Reconciliation", "ToolKit", "Wire"]),
      suite(
        "AnjuLoadTests",
        [
          "anju-load", "DomainModel", "LoadReport", "People", "RPC", "Reconciliation", "Storage",
          "StorageSQLite", "Wire", log,
        ]),
      suite("TidyTests", []),
    ]
)
