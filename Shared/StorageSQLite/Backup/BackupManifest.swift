public import DomainModel
import Storage

/// What stands beside a backup: which store's it is, when it was made, and by what it is known
/// again. Lines of `key = value`.
///
/// It shows damage, a half and a mistaken file. It does not show malice: who may write the folder
/// may write both.
public struct BackupManifest: Hashable, Sendable {
  /// The name of the service whose store it is, such as `intake`.
  public var service: String
  /// When the backup was begun: what was acknowledged before is in it.
  public var madeAt: Timestamp
  /// The backup's file, in the manifest's folder.
  public var file: String
  /// How long the file is.
  public var bytes: Int64
  /// SHA-256 of the file, 64 hexadecimal digits.
  public var sha256: String
  /// The version of the store's schema.
  public var schemaVersion: Int
  /// The oldest code that works on it.
  public var oldestCode: Int

  /// The form of what is written here.
  private static let format = "anju-backup-1"
  /// The longest manifest that is read, in bytes.
  static let bytesMax = 4_096
  /// What a manifest's name has after the backup's own.
  static let suffix = ".manifest"

  var text: String {
    """
    format = \(Self.format)
    service = \(self.service)
    made_at_ms = \(self.madeAt.milliseconds)
    file = \(self.file)
    bytes = \(self.bytes)
    sha256 = \(self.sha256)
    schema_version = \(self.schemaVersion)
    oldest_code = \(self.oldestCode)

    """
  }

  init(
    service: String, madeAt: Timestamp, file: String, contents: DurableFile.Contents,
    schema: StoreFile.Schema
  ) {
    self.service = service
    self.madeAt = madeAt
    self.file = file
    self.bytes = contents.bytes
    self.sha256 = contents.sha256
    self.schemaVersion = schema.version
    self.oldestCode = schema.oldestCode
  }

  /// Reads a manifest. Throws `StorageError` with a sentence that names the file.
  public init(path: String) throws {
    let bytes = try DurableFile.read(path, bytesMax: Self.bytesMax)
    guard let text = String(validating: bytes, as: UTF8.self),
      let manifest = Self(text: text)
    else {
      throw StorageError.corrupt(
        "\(path) is no manifest of a backup (\(Self.format)): name the file that ends in "
          + Self.suffix)
    }
    self = manifest
  }

  private init?(text: String) {
    var fields: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: "=", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      let (key, value) = (Self.trimmed(parts[0]), Self.trimmed(parts[1]))
      guard fields.updateValue(value, forKey: key) == nil else { return nil }
    }
    guard fields["format"] == Self.format[...], let service = fields["service"],
      let madeAt = fields["made_at_ms"].flatMap({ Int64($0) }), let file = fields["file"],
      !file.contains("/"), let bytes = fields["bytes"].flatMap({ Int64($0) }),
      let sha256 = fields["sha256"], sha256.utf8.count == 64,
      let version = fields["schema_version"].flatMap({ Int($0) }),
      let oldestCode = fields["oldest_code"].flatMap({ Int($0) })
    else { return nil }
    self.init(
      service: String(service), madeAt: Timestamp(milliseconds: madeAt), file: String(file),
      contents: DurableFile.Contents(bytes: bytes, sha256: String(sha256)),
      schema: StoreFile.Schema(version: version, oldestCode: oldestCode))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    let start = text.drop(while: { $0 == " " })
    return start.lastIndex(where: { $0 != " " }).map { start[...$0] } ?? ""
  }
}
