import Foundation

/// A disk that loses the last change it was told to keep: `SimulatedRun.Sabotage.storesForget`. It
/// keeps two copies of the file, the newer of which may be as the file is now.
struct ForgetfulDisk {
  private var copies = 0
  private var newestBytes = -1
  private var folder: String

  /// A disk whose copies lie at this path and behind it.
  init(at path: String) {
    self.folder = path
  }

  /// A change may follow.
  mutating func keep(_ file: StoreFile) throws {
    let bytes = Self.logBytes(file)
    guard bytes != self.newestBytes else { return }
    self.copies += 1
    self.newestBytes = bytes
    try file.copy(to: self.copy(self.copies))
  }

  /// What the file held before its last change.
  func beforeLastChange(of file: StoreFile) -> StoreFile {
    let isUnchanged = Self.logBytes(file) == self.newestBytes
    return self.copy(max(isUnchanged ? self.copies - 1 : self.copies, 1))
  }

  private func copy(_ number: Int) -> StoreFile { StoreFile("\(self.folder).\(number % 2)") }

  /// The write-ahead log grows with each change, as long as nobody copies it back.
  private static func logBytes(_ file: StoreFile) -> Int {
    let found = try? FileManager.default.attributesOfItem(atPath: file.path + "-wal")
    return found?[.size] as? Int ?? 0
  }
}
