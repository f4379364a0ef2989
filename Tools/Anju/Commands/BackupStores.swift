import ArgumentParser
import RPC
import ToolKit
import Wire

/// Has services write backups of their stores.
struct BackupStores: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Have services write backups of their stores while they serve.",
    discussion: """
      Each service writes into the folder of its own setting backup.directory, where it runs; what \
      is printed is the manifest's path there, which `anju restore` takes. Key files are in no \
      backup. Exits 1 as soon as a service refuses.
      """)

  @Argument(help: "Which: intake, approval, notification, registry; all if none is named.")
  var names: [String] = []

  @Option(help: "How long one backup may take, in minutes: 1 to 1440.")
  var minutes = 30

  @OptionGroup var addresses: Addresses

  func validate() throws {
    guard (1...1440).contains(self.minutes) else {
      throw ValidationError("--minutes is 1 to 1440.")
    }
  }

  func run() async throws {
    try await self.addresses.withServices { services in
      var options = try services.options(as: .auditor)
      options.timeoutMs = Int64(self.minutes) * 60_000
      for (name, client) in try services.operations(self.names) {
        let made = try await client.backUpStore(.init(), options: options)
        let view = BackupView(service: name, made)
        try Output(json: self.addresses.json).show(view, view.sentence)
      }
    }
  }
}

/// A backup as the command line shows it.
struct BackupView: Encodable {
  let service: String
  let manifest: String
  let bytes: Int64
  let sha256: String
  let schemaVersion: Int32
  let madeAtMs: Int64

  init(service: String, _ made: OperationsV1.BackUpStoreResponse) {
    self.service = service
    self.manifest = made.manifest
    self.bytes = made.bytes
    self.sha256 = made.sha256
    self.schemaVersion = made.schemaVersion
    self.madeAtMs = made.madeAtMs
  }

  var sentence: String {
    "\(self.service): \(self.manifest), \(self.bytes) bytes, of \(local(self.madeAtMs))"
  }
}

extension Services {
  /// The operator's client of each named service, of all if none is named.
  func operations(
    _ names: [String]
  ) throws -> [(name: String, client: OperationsV1.OperationsServiceClient)] {
    let unknown = names.filter { name in !self.channels.contains { $0.name == name } }
    guard unknown.isEmpty else {
      throw ValidationError("no service is called \(unknown.joined(separator: ", ")).")
    }
    return self.channels.filter { names.isEmpty || names.contains($0.name) }
      .map { ($0.name, OperationsV1.OperationsServiceClient($0.channel)) }
  }
}
