public import DomainModel
import Glibc
import Storage

/// Backups of stores while they are used: a file `<service>-<instant>.db` in a folder, and a
/// manifest beside it, which is written last, so that it stands beside whole backups only.
///
/// Data keys are in no backup: sealed columns stay sealed, and whoever restores needs the service's
/// key files as well.
public enum Backup {
  /// Writes a backup of a service's store into a folder, which is made (0700) if it is not there.
  /// Writes to the store go on. Returns the manifest and its path.
  ///
  /// Throws `StorageError` with a sentence that names the file, and leaves nothing behind then.
  public static func make(
    of store: SQLiteStore, service: String, in folder: String, now: Timestamp
  ) async throws -> (manifest: BackupManifest, path: String) {
    try DurableFile.makeFolder(folder)
    let name = "\(service)-\(Self.instant(now)).db"
    let (draft, path) = ("\(folder)/\(name).part", "\(folder)/\(name)")
    let manifestPath = path + BackupManifest.suffix
    guard !DurableFile.exists(path), !DurableFile.exists(manifestPath) else {
      throw StorageError.cannotOpen("\(path) is there already: wait a second")
    }
    // Left by a process that was killed.
    DurableFile.remove(draft)
    try await store.backUp(to: draft)
    let manifest = try await SQLiteStore.onThread {
      do {
        let manifest = BackupManifest(
          service: service, madeAt: now, file: name, contents: try DurableFile.contents(of: draft),
          schema: try StoreFile.schema(of: draft))
        try DurableFile.rename(draft, to: path)
        try DurableFile.write(manifest.text, to: manifestPath)
        return manifest
      } catch {
        DurableFile.remove(draft)
        DurableFile.remove(path)
        throw error
      }
    }
    return (manifest, manifestPath)
  }

  /// An instant in a file's name: `20261122-031500`, UTC.
  private static func instant(_ instant: Timestamp) -> String {
    var seconds = time_t(instant.milliseconds / 1_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = "\(parts.tm_year + 1_900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
    return "\(day)-\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))"
  }
}
