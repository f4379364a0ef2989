/// A call's headers or trailers, in order; names are lower case ASCII.
public struct Metadata: Hashable, Sendable {
  /// A value: text, or bytes under a name that ends in `-bin`.
  public enum Value: Hashable, Sendable {
    case text(String)
    case bytes([UInt8])
  }

  /// The entries in order; one name may stand several times.
  public private(set) var entries: [(name: String, value: Value)]

  /// No metadata.
  public init() {
    self.entries = []
  }

  /// Text entries, in the order written.
  public init(_ elements: KeyValuePairs<String, String>) {
    self.entries = elements.map { ($0.key, .text($0.value)) }
  }

  /// Adds text under `name`.
  public mutating func append(_ name: String, _ value: String) {
    self.entries.append((name, .text(value)))
  }

  /// Adds bytes under `name`, which must end in `-bin`.
  public mutating func append(_ name: String, bytes: [UInt8]) {
    precondition(name.hasSuffix("-bin"), "\(name): binary metadata must be named ...-bin")
    self.entries.append((name, .bytes(bytes)))
  }

  /// Takes out everything under `name`; returns how many entries that were.
  @discardableResult
  public mutating func remove(_ name: String) -> Int {
    let before = self.entries.count
    self.entries.removeAll { $0.name == name }
    return before - self.entries.count
  }

  /// Adds every entry of `other` behind those that are here.
  public mutating func append(_ other: Metadata) {
    self.entries += other.entries
  }

  /// The first text under `name`.
  public subscript(_ name: String) -> String? {
    for entry in self.entries where entry.name == name {
      if case .text(let text) = entry.value { return text }
    }
    return nil
  }

  /// Every text under `name`, in order.
  public func texts(_ name: String) -> [String] {
    self.entries.compactMap { entry in
      guard entry.name == name, case .text(let text) = entry.value else { return nil }
      return text
    }
  }

  /// The first bytes under `name`.
  public func bytes(_ name: String) -> [UInt8]? {
    for entry in self.entries where entry.name == name {
      if case .bytes(let bytes) = entry.value { return bytes }
    }
    return nil
  }

  /// Whether both have the same entries in the same order.
  public static func == (left: Metadata, right: Metadata) -> Bool {
    left.entries.elementsEqual(right.entries) { $0.name == $1.name && $0.value == $1.value }
  }

  /// Hashes the entries in order.
  public func hash(into hasher: inout Hasher) {
    for entry in self.entries {
      hasher.combine(entry.name)
      hasher.combine(entry.value)
    }
  }
}
