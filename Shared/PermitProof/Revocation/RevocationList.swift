/// The certificates of a snapshot while they are gathered: eight bytes each, however long their
/// identifiers are.
public struct RevocationList: Sendable {
  /// The marks of each reason, in the order in which they came.
  private(set) var marks: [RevocationReason: [UInt64]] = [:]
  /// How many were added.
  public private(set) var count = 0

  /// An empty list.
  public init() {}

  /// Adds a certificate; false, and nothing added, where there are `RevocationSnapshot.countMax`
  /// already.
  public mutating func add(_ revocation: Revocation) -> Bool {
    guard self.count < RevocationSnapshot.countMax else { return false }
    self.count += 1
    self.marks[revocation.reason, default: []].append(RevocationMark.of(revocation.identifier))
    return true
  }
}

extension RevocationSnapshot {
  /// A snapshot of the list, each certificate once for each reason. Sorting a million takes some
  /// tenths of a second.
  public init(_ head: Head, of list: RevocationList) {
    self.init(
      head,
      marks: list.marks.mapValues { marks in
        var sorted: [UInt64] = []
        sorted.reserveCapacity(marks.count)
        for mark in marks.sorted() where mark != sorted.last { sorted.append(mark) }
        return sorted
      })
  }
}
