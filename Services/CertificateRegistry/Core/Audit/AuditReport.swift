/// Something in a store that is not as the log says.
public struct AuditFinding: Hashable, Sendable {
  /// What is wrong, for programs.
  public enum Code: String, Hashable, Sendable, CaseIterable {
    /// The log is not the one that was witnessed.
    case witnessDiffers = "WITNESS_DIFFERS"
    /// The log has fewer leaves than were witnessed.
    case leavesMissing = "LEAVES_MISSING"
    /// A leaf is not there, though later ones are.
    case leafMissing = "LEAF_MISSING"
    /// A leaf's hash is not that of its record.
    case leafAltered = "LEAF_ALTERED"
    /// A leaf is not the one from which the tree was made.
    case nodeAltered = "NODE_ALTERED"
    /// A signed head says something else, or its signature is wrong.
    case headAltered = "HEAD_ALTERED"
    /// A record cannot be opened.
    case recordUnreadable = "RECORD_UNREADABLE"
    /// A record was destroyed, and no later leaf says that its entity was erased.
    case recordDestroyed = "RECORD_DESTROYED"
    /// An entry's column says something else than its record.
    case entryAltered = "ENTRY_ALTERED"
    /// An entity's entries do not stand in the order of its history.
    case orderAltered = "ORDER_ALTERED"
    /// A line of a history is not there.
    case lineMissing = "LINE_MISSING"
    /// A line of a history is not the one that was entered.
    case lineAltered = "LINE_ALTERED"
    /// How an entity stood after a line is not what was entered.
    case standingAltered = "STANDING_ALTERED"
    /// A line has no entry.
    case lineUnlogged = "LINE_UNLOGGED"
    /// A permit or a registration is not there.
    case rowMissing = "ROW_MISSING"
    /// A permit or a registration does not stand as it was left.
    case rowAltered = "ROW_ALTERED"
    /// A permit or a registration is another person's, or he is reached elsewhere.
    case holderAltered = "HOLDER_ALTERED"
    /// A permit, a registration or a certificate has no entry.
    case rowUnlogged = "ROW_UNLOGGED"
    /// A certificate's document is not there.
    case documentMissing = "DOCUMENT_MISSING"
    /// A certificate's document is not the one that was entered, or its signature is wrong.
    case documentAltered = "DOCUMENT_ALTERED"
  }

  /// What is wrong.
  public let code: Code
  /// Where: a leaf, a line, a row, by its number or key.
  public let place: String
  /// The sentence; it names no person.
  public let text: String
}

/// What an audit has seen.
public struct AuditReport: Hashable, Sendable {
  /// How many findings are kept; those beyond are counted.
  public static let findingsMax = 1_000

  /// How many leaves the log has.
  public internal(set) var leaves = 0
  /// How many of them the witnessed heads cover.
  public internal(set) var witnessed = 0
  /// How many entries wait for their leaves.
  public internal(set) var waiting = 0
  /// How many records were destroyed by erasures: what they stood for cannot be checked any more.
  public internal(set) var destroyed = 0
  /// How many heads were checked.
  public internal(set) var heads = 0
  /// The first findings, in the order of the log.
  public internal(set) var findings: [AuditFinding] = []
  /// How many there are.
  public internal(set) var findingsCount = 0

  /// Whether nothing is wrong.
  public var isWhole: Bool { self.findingsCount == 0 }

  mutating func add(_ code: AuditFinding.Code, _ place: String, _ text: String) {
    self.findingsCount += 1
    if self.findings.count < Self.findingsMax {
      self.findings.append(AuditFinding(code: code, place: place, text: text))
    }
  }
}

/// The store cannot be audited.
public struct AuditRefused: Error, CustomStringConvertible {
  /// What to do.
  public let description: String
}
