/// Where a sealed value lives. It is bound to the seal, so that a value copied into another table,
/// column or row does not open there.
public struct SealedPlace: Hashable, Sendable {
  /// The table's name.
  public var table: String
  /// The column's name.
  public var column: String
  /// The row's primary key as text.
  public var row: String

  /// A place; the three may hold any text, as a sealer puts each one's length before it.
  public init(table: String, column: String, row: String) {
    self.table = table
    self.column = column
    self.row = row
  }
}

/// Encrypts personal columns before they reach a store and opens them after
/// (Personal Information Protection Law, Art. 51).
public protocol Sealer: Sendable {
  /// The sealed form of `plain`; two calls never give the same bytes.
  func seal(_ plain: [UInt8], as place: SealedPlace) throws -> [UInt8]
  /// What was sealed for this very place; throws if the bytes, the key or the place differ.
  func open(_ sealed: [UInt8], as place: SealedPlace) throws -> [UInt8]
}

/// A sealer with named keys: one seals, all open, so that keys can be rotated.
public protocol KeyedSealer: Sealer {
  /// The names of its keys. The first one seals; the others are earlier ones.
  var keyIDs: [String] { get }
  /// The name of the key that sealed a value, told by its first `headBytesMax` bytes; nil where
  /// they are the beginning of no sealed value.
  func keyID(of sealed: [UInt8]) -> String?
  /// How many bytes of a sealed value tell its key, at most.
  static var headBytesMax: Int { get }
}

/// A keyed one-way index, so that a sealed value can be looked up by equality.
public protocol BlindIndex: Sendable {
  /// Which key made the index; stands beside each blinded value, so that keys can be rotated.
  var keyID: String { get }
  /// The same bytes for the same text under the same key.
  func blind(_ text: String) -> [UInt8]
  /// The indexes under the ring's further keys, while one is rotated: written as well, and asked
  /// after this one.
  var others: [any BlindIndex] { get }
  /// The index with the keys of now. Whoever uses several keys in one deed takes them from one such
  /// value: the keys of a running service may change between two questions.
  var now: any BlindIndex { get }
}

extension BlindIndex {
  /// Itself: its keys never change.
  public var now: any BlindIndex { self }
  /// None: no key is being rotated.
  public var others: [any BlindIndex] { [] }
}
