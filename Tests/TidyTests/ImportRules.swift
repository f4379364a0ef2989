/// Who may import what: dependencies point down.
enum ImportRules {
  /// A folder's modules may be imported by nobody else.
  struct Owner {
    var module: String
    var folders: [String]
  }

  /// The modules that only some folders may import. C stops at one module a library; sockets are in
  /// Transport and on ServiceKit's admin port; a service's engine is opened in
  /// one place, by its settings.
  static let owners = [
    Owner(module: "CNghttp2", folders: ["Shared/HTTP2"]),
    Owner(module: "CProtobufC", folders: ["Shared/Wire", "Shared/WireGen"]),
    Owner(module: "CWire", folders: ["Shared/Wire"]),
    Owner(module: "CSQLite", folders: ["Shared/StorageSQLite"]),
    Owner(
      module: "StorageEngine", folders: ["Shared/StorageSQLite", "Shared/StoragePostgres", "Tests"]),
    Owner(module: "CPostgres", folders: ["Shared/StoragePostgres"]),
    Owner(module: "StoragePostgres", folders: ["Shared/ServiceKit", "Tools", "Tests"]),
    Owner(module: "COpenSSL", folders: ["Shared/Crypto"]),
    Owner(module: "CCairo", folders: ["Shared/Documents"]),
    Owner(module: "CQRCode", folders: ["Shared/Documents"]),
    Owner(module: "CTurboJPEG", folders: ["Shared/Documents"]),
    Owner(module: "HTTP2", folders: ["Shared/Transport", "Tests"]),
    Owner(
      module: "Transport",
      folders: ["Shared/ServiceKit", "Services/Notification/Gateways", "Tools", "Tests"]),
    Owner(module: "StorageSQLite", folders: ["Shared/ServiceKit", "Tools", "Tests"]),
    Owner(
      module: "ServiceCore",
      folders: ["Services", "Shared/Papers", "Shared/ServiceKit", Self.populate, "Tests"]),
    Owner(module: "ServiceKit", folders: ["Server", Self.populate, "Tests"]),
    Owner(module: "PermitProof", folders: ["Services/CertificateRegistry", "Tools", "Tests"]),
    Owner(module: "ServiceLifecycle", folders: ["Shared/ServiceKit"]),
    Owner(module: "UnixSignals", folders: ["Shared/ServiceKit", "Tests"]),
    Owner(module: "Configuration", folders: ["Shared/ServiceKit"]),
    Owner(module: "ArgumentParser", folders: ["Tools", "Tests", "Shared/WireGen"]),
    Owner(module: "NIOCore", folders: ["Shared/Transport", "Shared/ServiceKit", "Tests"]),
    Owner(module: "NIOPosix", folders: ["Shared/Transport", "Shared/ServiceKit", "Tests"]),
    Owner(module: "NIOSSL", folders: ["Shared/Transport", "Tests"]),
    Owner(module: "NIOTLS", folders: ["Shared/Transport", "Tests"]),
    Owner(module: "NIOHTTP1", folders: ["Shared/ServiceKit", "Tests"]),
    Owner(module: "Dispatch", folders: ["Tests"]),
    Owner(
      module: "Foundation", folders: ["Tests", "Tools", "Shared/WireGen"]),
    Owner(
      module: "FoundationEssentials", folders: ["Tests", "Tools", "Shared/WireGen"]),
    Owner(
      module: "Glibc",
      folders: [
        "Shared/ServiceKit", "Shared/StorageEngine", "Shared/StorageSQLite",
        "Shared/StoragePostgres", "Shared/Transport", "Shared/Crypto", "Shared/Wire",
        "Shared/WireGen", "Services/Notification/Gateways", "Tools",
        "Tests",
      ]),
  ]

  /// What a shared module may import of ours; nothing else of ours.
  static let ours: [String: Set<String>] = [
    "DomainModel": [],
    "RPC": ["DomainModel"],
    "HTTP2": [],
    "Transport": ["DomainModel", "RPC", "HTTP2"],
    "Wire": ["DomainModel", "RPC"],
    "Storage": ["DomainModel"],
    "StorageEngine": ["DomainModel", "Storage"],
    "StorageSQLite": ["Crypto", "DomainModel", "Storage", "StorageEngine"],
    "StoragePostgres": ["DomainModel", "Storage", "StorageEngine"],
    "Crypto": ["DomainModel"],
    "PermitProof": ["Crypto", "DomainModel"],
    "Documents": ["DomainModel"],
    "ServiceCore": ["DomainModel", "RPC", "Wire", "Storage", "Crypto"],
    "Papers": ["Crypto", "Documents", "DomainModel", "RPC", "ServiceCore"],
    "ServiceKit": [
      "DomainModel", "RPC", "Transport", "Wire", "Storage", "StorageSQLite",
      "StoragePostgres", "Crypto", "ServiceCore",
    ],
  ]

  /// Makes stores as the four services would have, with their own cores, before they start.
  static let populate = "Tools/AnjuLoad/Populate"

  static let services = ["Intake", "Approval", "Notification", "CertificateRegistry"]

  static func findings(_ file: SourceFile) -> [Finding] {
    file.imports.flatMap { module, line in
      self.refusals(of: module, in: file).map {
        Finding(path: file.path, line: line, text: $0)
      }
    }
  }

  private static func refusals(of module: String, in file: SourceFile) -> [String] {
    var refusals: [String] = []
    if let owner = self.owners.first(where: { $0.module == module }),
      !owner.folders.contains(where: { self.isOwned(file, by: $0) })
    {
      refusals.append("imports \(module); only \(owner.folders.joined(separator: ", ")) may")
    }
    if file.isUnder(folderNamed: "Domain"), module != "DomainModel" {
      refusals.append("imports \(module); a domain file imports DomainModel only")
    }
    if file.isIn("Services"), file.isUnder(folderNamed: "Storage"), module == "Wire" {
      refusals.append("imports Wire; a store speaks the domain's words, never the wire's")
    }
    if file.isIn("Shared/DomainModel") {
      refusals.append("imports \(module); DomainModel imports nothing")
    } else if file.isIn("Shared"), let allowed = self.ours[String(file.folders[1])],
      self.ours.keys.contains(module), !allowed.contains(module)
    {
      refusals.append("imports \(module), which does not stand below \(file.folders[1])")
    }
    return refusals + self.betweenServices(module, in: file)
  }

  private static func betweenServices(_ module: String, in file: SourceFile) -> [String] {
    guard let other = self.services.first(where: { module.hasPrefix($0) }) else { return [] }
    // An audit reads the store as the service itself does; it asks nothing of the service.
    if file.path == "Tools/Anju/Commands/Audit.swift", other == "CertificateRegistry" { return [] }
    if file.isIn(self.populate) { return [] }
    if file.isIn("Shared") || file.isIn("Tools") {
      return ["imports \(module); only its own service and tests may"]
    }
    guard file.isIn("Services"), !file.isIn("Services/\(other)") else { return [] }
    return ["imports \(module); services know one another through Wire's clients only"]
  }

  /// `Server` means the executables' folders, wherever they lie.
  private static func isOwned(_ file: SourceFile, by folder: String) -> Bool {
    folder == "Server" ? file.isInMain : file.isIn(folder)
  }
}
