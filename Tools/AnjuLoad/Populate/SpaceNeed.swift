import DomainModel
import Foundation

/// How much room so many persons need, a little more than was measured (README).
struct SpaceNeed: Hashable, Sendable {
  /// Bytes a person who only registers, and one who holds a permit, on SQLite.
  static let registered: Int64 = 2_600
  static let holder: Int64 = 64_000
  /// What stores without anybody in them take, and the write-ahead logs while they are filled.
  static let empty: Int64 = 300_000_000
  /// How much the same rows take on PostgreSQL, in hundredths: the databases of a million
  /// persons took 99; the rest is room for its write-ahead log (`max_wal_size`, a gigabyte).
  static let postgresPercent: Int64 = 115

  let plan: YearPlan

  /// On the file system that the stores are made on.
  var sqliteBytes: Int64 {
    Self.empty + Int64(self.plan.persons - self.plan.holders) * Self.registered
      + Int64(self.plan.holders) * Self.holder
  }

  /// On a PostgreSQL server, of what was made.
  var postgresBytes: Int64 { self.sqliteBytes * Self.postgresPercent / 100 }

  /// How many bytes are free for us on the file system of a folder, or of the first of its parents
  /// that there is; nil where nobody says.
  static func free(at folder: String) -> Int64? {
    var path = URL(fileURLWithPath: folder).standardizedFileURL.path
    while !FileManager.default.fileExists(atPath: path), path != "/" {
      path = URL(fileURLWithPath: path).deletingLastPathComponent().path
    }
    var found = statvfs()
    guard statvfs(path, &found) == 0 else { return nil }
    return Int64(found.f_bavail) * Int64(found.f_frsize)
  }

  /// Bytes as people read them.
  static func gigabytes(_ bytes: Int64) -> String {
    String(format: "%.1f GB", Double(bytes) / 1_000_000_000)
  }
}
