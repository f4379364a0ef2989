import DomainModel
import Foundation
import RPC
import ServiceKit
import Storage
import StorageSQLite
import ToolKit

/// Where stores are made before services may have them: folders beside theirs, which are there only
/// while somebody populates, or after he was cut short.
struct UnfinishedStores {
  private static let ending = ".populating"

  let services: [OfflineService]

  /// Refuses, with every reason, where a service has a store already or somebody was cut short.
  init(_ services: [OfflineService]) throws {
    self.services = services
    var reasons: [String] = []
    for service in services where try service.hasStore() {
      reasons.append(
        "\(service.place) is there already: only stores that are still to be made are populated")
    }
    for folder in self.folders where FileManager.default.fileExists(atPath: folder) {
      reasons.append(
        "\(folder) is there: it is populated just now, or that was cut short and is not whole; if "
          + "nobody is at it, remove the folder")
    }
    guard reasons.isEmpty else { throw Unprepared(reasons.joined(separator: "\n")) }
  }

  /// The folders, each once: services may share one.
  var folders: [String] { Set(self.services.map(Self.folder)).sorted() }

  /// The file that a service's store is made in.
  func path(of service: OfflineService) -> String {
    "\(Self.folder(of: service))/\(service.name.rawValue).db"
  }

  /// Makes the folders; throws where somebody else has just made one.
  func begin() throws {
    for folder in self.folders {
      let parent = URL(fileURLWithPath: folder).deletingLastPathComponent()
      try FileManager.default.createDirectory(at: parent, withIntermediateDirectories: true)
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: false,
        attributes: [.posixPermissions: 0o700])
    }
  }

  /// Gives a service its file, whose store is closed: from now on it is whole on the disk.
  func handOver(_ service: OfflineService) throws {
    let path = self.path(of: service)
    guard !FileManager.default.fileExists(atPath: path + "-wal") else {
      throw Unprepared("\(path) was not closed well: something is left in its write-ahead log")
    }
    try Self.sync(path)
    let folder = service.settings.dataDirectory
    try FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.moveItem(atPath: path, toPath: service.path)
    try Self.sync(folder)
  }

  /// Removes the folders with whatever is left in them.
  func end() throws {
    for folder in self.folders { try FileManager.default.removeItem(atPath: folder) }
  }

  /// How many bytes the files have by now.
  var bytes: Int64 {
    self.services.reduce(0) { sum, service in
      let found = try? FileManager.default.attributesOfItem(atPath: self.path(of: service))
      return sum + ((found?[.size] as? Int64) ?? 0)
    }
  }

  private static func folder(of service: OfflineService) -> String {
    service.settings.dataDirectory + self.ending
  }

  private static func sync(_ path: String) throws {
    let descriptor = open(path, O_RDONLY)
    defer { if descriptor >= 0 { close(descriptor) } }
    guard descriptor >= 0, fsync(descriptor) == 0 else {
      throw Unprepared("\(path) cannot be put on the disk: \(String(cString: strerror(errno)))")
    }
  }
}
