import Foundation
import RPC

/// The file of one service's store. A crash leaves a copy of it as it lay on the disk at that
/// moment, write-ahead log included; what the dead process's connection still does to the old file
/// is seen by nobody.
struct StoreFile: Hashable, Sendable {
  let path: String

  /// The file of a service's `number`th run.
  init(in folder: String, of service: ServiceName, number: Int) {
    self.path = "\(folder)/\(service.rawValue)-\(number).db"
  }

  init(_ path: String) {
    self.path = path
  }

  /// Copies what is on the disk.
  func copy(to other: StoreFile) throws {
    let files = FileManager.default
    for suffix in ["", "-wal"] {
      try? files.removeItem(atPath: other.path + suffix)
      guard files.fileExists(atPath: self.path + suffix) else { continue }
      try files.copyItem(atPath: self.path + suffix, toPath: other.path + suffix)
    }
  }
}
