/// The digests that a log record holds of what it stands for: SM3(kind ‖ salt ‖ bytes).
///
/// The salt is the leaf's own. What a digest is of is personal, and some of it could be guessed
/// from few enough possibilities to try them all; without the salt nobody can.
public enum RecordDigest {
  /// What a digest is of; the byte that stands first in it. 0 and 1 are the tree's.
  private enum Kind: UInt8 {
    case standing = 2
    case historyRow = 3
    case document = 4
    case holder = 5
  }

  /// How many bytes a digest has.
  public static let byteCount = TreeHash.byteCount

  /// The digest of an entity's full standing after a change, in whatever one spelling it is kept.
  public static func standing(_ bytes: [UInt8], salt: LeafSalt) -> [UInt8] {
    Self.digest(.standing, bytes, salt)
  }

  /// The digest of the row that a change added to the history.
  public static func historyRow(_ bytes: [UInt8], salt: LeafSalt) -> [UInt8] {
    Self.digest(.historyRow, bytes, salt)
  }

  /// The digest of a certificate's canonical document.
  public static func document(_ bytes: [UInt8], salt: LeafSalt) -> [UInt8] {
    Self.digest(.document, bytes, salt)
  }

  /// The digest of whose a subject is and how he is reached, in one spelling.
  public static func holder(_ bytes: [UInt8], salt: LeafSalt) -> [UInt8] {
    Self.digest(.holder, bytes, salt)
  }

  private static func digest(_ kind: Kind, _ bytes: [UInt8], _ salt: LeafSalt) -> [UInt8] {
    SM3.digest([kind.rawValue] + salt.bytes + bytes)
  }
}
