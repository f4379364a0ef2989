import Foundation

/// The committed inputs, `Tests/Fuzz/Corpus/<target>/<what it is>`: each a right or nearly right
/// one, from which the others are made, or one that has once found something.
enum Corpus {
  static func inputs(of target: FuzzTarget) throws -> [[UInt8]] {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let folder = tests.appending(path: "Fuzz/Corpus/\(target.name)")
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    return try files.sorted { $0.path < $1.path }.map { Array(try Data(contentsOf: $0)) }
  }
}
