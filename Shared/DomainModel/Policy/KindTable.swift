/// The kinds of application that a region offers, and which of them stand against one another.
public struct KindTable: Hashable, Sendable {
  /// What the policy says of each kind.
  public let kinds: [ApplicationKind: KindPolicy]
  /// What cannot be in progress at once.
  public let conflicts: KindConflicts

  /// Reads the sections of a policy's file that are about kinds; its README describes the form.
  /// Throws `PolicyFileError` at the first line that cannot be taken.
  init(_ rows: [PolicyRow]) throws(PolicyFileError) {
    var draft = KindDraft()
    for row in rows { try draft.take(row) }
    try draft.check()
    self.kinds = draft.kinds
    self.conflicts = draft.conflicts
  }

  /// The first words of the lines that are about kinds.
  static let sections: Set<String> = Set(KindDraft.Section.allCases.map(\.rawValue))
}

/// The sections of a file while they are read: a kind's own line stands before all others about it.
struct KindDraft {
  enum Section: String, CaseIterable {
    case kind, field, material, condition, rule, stage, clock, proxy, fee, instead, conflict

    /// How many fields a line has, its first word and its ground included.
    var fields: Int {
      switch self {
      case .material, .stage: 6
      case .field, .condition, .rule, .clock: 5
      case .kind, .proxy, .fee, .instead, .conflict: 4
      }
    }
  }

  var kinds: [ApplicationKind: KindPolicy] = [:]
  var conflicts = KindConflicts()
  /// The lines, for errors that are seen only at the end.
  var lines: [ApplicationKind: PolicyRow] = [:]
  private var seen: [String: Int] = [:]
  private var insteads: [(row: PolicyRow, of: ApplicationKind)] = []
  private var pairs: [(row: PolicyRow, one: ApplicationKind, other: ApplicationKind)] = []

  mutating func take(_ row: PolicyRow) throws(PolicyFileError) {
    guard let section = Section(rawValue: row.fields[0]) else {
      throw row.error("no such section: \(row.fields[0])")
    }
    try row.require(fields: section.fields)
    let kind = try row.word(1, "kind", of: ApplicationKind.self)
    let ground = try row.text(section.fields - 1, "ground")
    try self.noteOnce(section, row)
    if section == .kind { return try self.open(kind, row, ground) }
    guard var policy = self.kinds[kind] else {
      throw row.error("\(kind.rawValue) has no line of its own before this one")
    }
    switch section {
    case .kind: break
    case .field: try policy.takeField(row)
    case .material: try policy.takeMaterial(row, ground)
    case .condition: try policy.takeCondition(row, ground)
    case .rule: try policy.takeRule(row, ground)
    case .stage: try policy.takeStage(row, ground)
    case .clock: try policy.takeClock(row)
    case .proxy: policy.proxies = try row.words(2, "capacity", of: ActingCapacity.self)
    case .fee: try policy.takeFee(row, ground)
    case .instead: try self.takeInstead(row, &policy)
    case .conflict: try self.takeConflict(row, kind, ground)
    }
    policy.grounds["\(section.rawValue) \(row.fields[2])"] = ground
    self.kinds[kind] = policy
  }

  /// A line that says what another says already would leave open which of them counts.
  private mutating func noteOnce(_ section: Section, _ row: PolicyRow) throws(PolicyFileError) {
    let isOneAKind = [.kind, .proxy, .fee, .instead].contains(section)
    let name = row.fields[..<(isOneAKind ? 2 : 3)].joined(separator: " ")
    if let earlier = self.seen.updateValue(row.line, forKey: name) {
      throw row.error("\(name) stands in line \(earlier)")
    }
  }

  private mutating func open(
    _ kind: ApplicationKind, _ row: PolicyRow, _ ground: String
  ) throws(PolicyFileError) {
    let channels = try row.words(2, "channel", of: ApplicationChannel.self)
    if channels.isEmpty { throw row.error("\(kind.rawValue) is offered in no channel") }
    self.kinds[kind] = KindPolicy(kind: kind, channels: channels)
    self.kinds[kind]?.grounds["kind"] = ground
    self.lines[kind] = row
  }

  private mutating func takeInstead(
    _ row: PolicyRow, _ policy: inout KindPolicy
  ) throws(PolicyFileError) {
    policy.instead = try row.wordList(2, "kind", of: ApplicationKind.self)
    self.insteads.append((row, policy.kind))
  }

  private mutating func takeConflict(
    _ row: PolicyRow, _ kind: ApplicationKind, _ ground: String
  ) throws(PolicyFileError) {
    let other = try row.word(2, "kind", of: ApplicationKind.self)
    guard self.conflicts.add(.init(kind, other), ground: ground) else {
      throw row.error("\(kind.rawValue) and \(other.rawValue) stand against each other already")
    }
    self.pairs.append((row, kind, other))
  }

  /// What only the whole file shows.
  func check() throws(PolicyFileError) {
    for (row, kind) in self.insteads {
      for other in self.kinds[kind]?.instead ?? [] where self.kinds[other] == nil || other == kind {
        throw row.error("\(other.rawValue) is nothing to go to instead: it is not offered here")
      }
    }
    for (row, _, other) in self.pairs where self.kinds[other] == nil {
      throw row.error("\(other.rawValue) is not offered here")
    }
    for kind in ApplicationKind.allCases {
      guard let policy = self.kinds[kind], let row = self.lines[kind] else { continue }
      if let reason = policy.flaw { throw row.error("\(kind.rawValue) \(reason)") }
    }
  }
}
