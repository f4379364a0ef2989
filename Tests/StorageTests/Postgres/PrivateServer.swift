import DomainModel
import Foundation
import StoragePostgres
import TestSupport
import Testing

/// A PostgreSQL server of a test's own, which it may kill; gone after the body.
struct PrivateServer: Sendable {
  struct ScriptFailed: Error, CustomStringConvertible {
    let description: String
  }

  let folder: String

  static func run(_ body: (PrivateServer) async throws -> Void) async throws {
    try await withTemporaryFolder { folder in
      // Debian's user of the server must be able to enter it.
      chmod(folder, 0o711)
      let server = PrivateServer(folder: folder + "/server")
      try await server.script("start")
      do {
        try await body(server)
      } catch {
        try await server.script("remove")
        throw error
      }
      try await server.script("remove")
    }
  }

  var place: PostgresServer {
    get throws {
      try PostgresServer(madeIn: self.folder)
    }
  }

  /// Runs `Tools/dev/postgres.sh`.
  func script(_ command: String, _ more: String...) async throws {
    let process = Process()
    let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
    process.executableURL = root.appending(path: "Tools/dev/postgres.sh")
    process.arguments = [command, self.folder] + more
    process.standardInput = FileHandle.nullDevice
    let status = try await process.runToEnd()
    if status != 0 {
      throw ScriptFailed(description: "postgres.sh \(command) ended with \(status)")
    }
  }
}
