import Storage

/// Puts a backup in the place of a store whose service has stopped.
///
/// Nothing is replaced before the backup is known to be whole: its bytes as the manifest says, no
/// damage, the schema's version. What was there stays beside it as `<store>.replaced`. While files
/// change places a mark, `<store>.restoring`, keeps services away: cut short at any instant, the
/// restore is simply run again.
public enum Restore {
  private static let markSuffix = ".restoring"
  private static let draftSuffix = ".restore"
  private static let replacedSuffix = ".replaced"
  private static let logSuffix = "-wal"
  private static let indexSuffix = "-shm"

  /// Restores the store at `target` from the backup that the manifest names; returns the manifest.
  ///
  /// Throws `StorageError` with a sentence that names the file and says what to do: `busy` while a
  /// process has the store, `corrupt` where the backup is not what its manifest says,
  /// `schemaRefused` where it is another service's. The store is as it was then.
  @discardableResult
  public static func run(
    manifest manifestPath: String, service: String, target: String
  ) throws -> BackupManifest {
    let lock = try FileLock(target, waitMs: 0)
    defer { lock.release() }
    let manifest = try BackupManifest(path: manifestPath)
    guard manifest.service == service else {
      throw StorageError.schemaRefused(
        "\(manifestPath) is a backup of \(manifest.service), not of \(service): name another one")
    }
    let draft = target + self.draftSuffix
    do {
      try self.bring(manifest, from: manifestPath, to: draft)
      try self.exchange(draft, target)
    } catch {
      DurableFile.remove(draft)
      throw error
    }
    return manifest
  }

  /// Checks a backup against its manifest and looks through it, and changes nothing.
  @discardableResult
  public static func verify(manifest manifestPath: String) throws -> BackupManifest {
    let manifest = try BackupManifest(path: manifestPath)
    let path = self.folder(of: manifestPath) + manifest.file
    try self.compare(try DurableFile.contents(of: path), manifest, path)
    try self.compare(try StoreFile.check(path), manifest, path)
    return manifest
  }

  /// Throws where a restore of this store was cut short.
  static func refuseUnfinished(_ target: String) throws {
    guard DurableFile.exists(target + self.markSuffix) else { return }
    throw StorageError.cannotOpen(
      "a restore of \(target) was cut short: run it again, or move the old files back from "
        + "\(target)\(self.replacedSuffix) and remove \(target)\(self.markSuffix)")
  }

  /// The backup's bytes beside the store, on the same disk, checked there.
  private static func bring(
    _ manifest: BackupManifest, from manifestPath: String, to draft: String
  ) throws {
    let path = self.folder(of: manifestPath) + manifest.file
    try self.compare(try DurableFile.contents(of: path, copy: draft), manifest, path)
    try self.compare(try StoreFile.check(draft), manifest, path)
  }

  private static func compare(
    _ contents: DurableFile.Contents, _ manifest: BackupManifest, _ path: String
  ) throws {
    let wanted = DurableFile.Contents(bytes: manifest.bytes, sha256: manifest.sha256)
    guard contents == wanted else {
      throw StorageError.corrupt(
        "\(path) is not what its manifest says (\(contents.bytes) bytes instead of "
          + "\(wanted.bytes), or other ones): take another backup")
    }
  }

  private static func compare(
    _ schema: StoreFile.Schema, _ manifest: BackupManifest, _ path: String
  ) throws {
    let wanted = StoreFile.Schema(
      version: manifest.schemaVersion, oldestCode: manifest.oldestCode)
    guard schema == wanted else {
      throw StorageError.schemaRefused(
        "\(path) has version \(schema.version) of the schema, its manifest says "
          + "\(wanted.version): take another backup")
    }
  }

  /// The old files go aside, log and all: a log of another database would be copied into the new.
  private static func exchange(_ draft: String, _ target: String) throws {
    let (mark, replaced) = (target + self.markSuffix, target + self.replacedSuffix)
    // The log of what an earlier restore replaced; after one that was cut short it is the last one.
    if !DurableFile.exists(mark) { DurableFile.remove(replaced + self.logSuffix) }
    try DurableFile.write("", to: mark)
    if DurableFile.exists(target) {
      if DurableFile.exists(target + self.logSuffix) {
        try DurableFile.rename(target + self.logSuffix, to: replaced + self.logSuffix)
      }
      try DurableFile.rename(target, to: replaced)
    }
    DurableFile.remove(target + self.logSuffix)
    DurableFile.remove(target + self.indexSuffix)
    try DurableFile.rename(draft, to: target)
    DurableFile.remove(mark)
  }

  private static func folder(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
  }
}
