import ArgumentParser
import DomainModel
import Storage
import StorageSQLite
import ToolKit

/// Puts a backup in a store's place.
struct RestoreStore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of a store whose service has stopped.",
    discussion: """
      Nothing is replaced before the backup is known to be whole, and nothing at all while a \
      service has the store open. What was there stays beside it as SERVICE.db.replaced. The \
      service's key files must be those that the backup was written with. Afterwards run \
      `anju reconcile`: the other services may know of what came after the backup.
      """)

  @Argument(help: "The backup's manifest.")
  var manifest: String

  @Option(help: "The service's data.directory.")
  var data = ".anju/data"

  @Flag(help: "Only check the backup; change nothing.")
  var check = false

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    do {
      let found = try BackupManifest(path: self.manifest)
      let target = "\(self.data)/\(found.service).db"
      if self.check {
        try Restore.verify(manifest: self.manifest)
      } else {
        try Restore.run(manifest: self.manifest, service: found.service, target: target)
      }
      let view = RestoreView(
        service: found.service, store: self.check ? "" : target, bytes: found.bytes,
        schemaVersion: found.schemaVersion, madeAtMs: found.madeAt.milliseconds)
      try Output(json: self.json).show(view, view.sentence)
    } catch let error as StorageError {
      Output(json: self.json).failure("\(error)")
      throw ExitCode.failure
    }
  }
}

/// What was restored or checked, as the command line shows it.
struct RestoreView: Encodable {
  let service: String
  /// The store's file; empty where the backup was only checked.
  let store: String
  let bytes: Int64
  let schemaVersion: Int
  let madeAtMs: Int64

  var sentence: String {
    let what = "\(self.service) as of \(local(self.madeAtMs)), \(self.bytes) bytes"
    return self.store.isEmpty ? "\(what): the backup is whole" : "\(what): now \(self.store)"
  }
}
