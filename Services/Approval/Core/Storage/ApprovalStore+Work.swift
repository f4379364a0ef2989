import DomainModel
import Storage

/// One line of a work list.
struct WorkLine: Hashable, Sendable {
  var caseID: String
  var applicationID: String
  var applicationNumber: String
  var kind: ApplicationKind
  var state: CaseState
  var version: Int64
  var officeCode: String
  var channel: ApprovalCase.Channel
  /// The office whose officers are waited for; empty where none is.
  var workOffice: String
  /// Without those who keep out.
  var desk: CaseDesk
  /// The earliest due time that runs; nil while the clocks stand still and at the end.
  var dueAt: Timestamp?
  var certificateIdentifier: String?

  /// Where the next page begins: after this line.
  var place: WorkPlace {
    WorkPlace(dueAt: self.dueAt?.milliseconds ?? ApprovalStore.neverDue, caseID: self.caseID)
  }
}

/// A place in a work list that is ordered by due time and id.
struct WorkPlace: Hashable, Sendable {
  var dueAt: Int64
  var caseID: String

  /// Whether it comes before another place.
  func isBefore(_ other: WorkPlace) -> Bool {
    (self.dueAt, self.caseID) < (other.dueAt, other.caseID)
  }

  /// How many digits the due time has in a token: those of the latest.
  private static let digitsCount = 19

  init(dueAt: Int64, caseID: String) {
    self.dueAt = dueAt
    self.caseID = caseID
  }

  /// The place a page's token names, nil for the empty one of the first page. Throws
  /// `PAGE_INVALID` for a token that no page gave.
  init?(token: String) throws {
    if token.isEmpty { return nil }
    guard token.utf8.count > Self.digitsCount, let dueAt = Int64(token.prefix(Self.digitsCount))
    else { throw ServiceError(.pageInvalid) }
    self.init(dueAt: dueAt, caseID: String(token.dropFirst(Self.digitsCount)))
  }

  /// The token of the page that begins after this place: the due time in digits of one length, then
  /// the id.
  var token: String {
    let digits = String(self.dueAt)
    return String(repeating: "0", count: max(0, Self.digitsCount - digits.count)) + digits
      + self.caseID
  }
}

/// Which lines of a work list are wanted. What is nil or empty does not narrow it.
struct WorkFilter: Hashable, Sendable {
  var kinds: Set<ApplicationKind> = []
  var states: Set<CaseState> = []
  var channels: Set<ApprovalCase.Channel> = []
  var dueBefore: Timestamp?
  /// Held by nobody and given to nobody.
  var isUnclaimed = false
  /// Held by this officer or given to him by name.
  var holder: String?
  var isGreen = false
  var isOverdue = false

  /// How many values a list of a filter has at most.
  static let valuesMax = 20

  /// Whether it narrows anything.
  var isEmpty: Bool { self == WorkFilter() }
}

/// Which work of which office is asked for.
struct WorkQuestion: Sendable {
  var office: String
  /// Nil for every open case that the office has to do with.
  var stage: Stage?
  /// Nil for the first page.
  var after: WorkPlace?
  var size: Int
  var filter = WorkFilter()
  var now: Timestamp
}

/// Lines of a work list, and where the next page begins.
struct WorkPage: Sendable {
  var lines: [WorkLine]
  /// Nil where nothing comes after them.
  var next: WorkPlace?
}

extension ApprovalStore {
  /// How many lines of a list one page looks at for those that its filter wants: a page that finds
  /// fewer says where to go on.
  static let linesLookedAtMax = 2_000

  /// The columns of a line.
  static let lineColumns: SQL = """
    approval_case.case_id, application_id, application_number, kind, channel, approval_case.state,
    version, office_code, work_office, due_at, certificate_identifier, claim_number, held_by,
    held_office, held_until, assigned_to, green_reason, green_due_at
    """

  /// The work of an office, earliest due time first: what waits for one of its officers at a stage,
  /// or, without a stage, every open case it has to do with.
  func work(_ question: WorkQuestion) async throws -> WorkPage {
    let after = question.after ?? WorkPlace(dueAt: Int64.min, caseID: "")
    let (office, stage, size) = (question.office, question.stage, question.size)
    return try await self.read { snapshot in
      // Whoever stands in finds what waits for those who are away.
      var holders: [String] = []
      if let holder = question.filter.holder {
        holders = [holder]
        holders += try self.absentBehind(snapshot, holder, at: office, now: question.now)
      }
      let wanted = Self.condition(question.filter, of: holders, at: question.now)
      if let stage {
        return try self.page(
          snapshot, where: ["work_office = \(office) AND work_stage = \(stage)"], wanted, after,
          size)
      }
      // Two index walks instead of an OR, which would read every open case.
      return try self.page(
        snapshot,
        where: [
          "office_code = \(office)", "bureau_code = \(office) AND office_code <> \(office)",
        ], wanted, after, size)
    }
  }

  /// A page of some walks together, each in the order of an index.
  private func page(
    _ snapshot: Snapshot, where walks: [SQL], _ wanted: SQL?, _ after: WorkPlace, _ size: Int
  ) throws -> WorkPage {
    var lines: [WorkLine] = []
    // As far as every walk was looked at: what lies beyond may still miss something.
    var end: WorkPlace?
    for walk in walks {
      lines += try self.lines(snapshot, where: walk, wanted, after, size + 1)
      guard wanted != nil else { continue }
      if let looked = try self.lookedAt(snapshot, where: walk, after) {
        end = end.map { $0.isBefore(looked) ? $0 : looked } ?? looked
      }
    }
    lines.sort { $0.place.isBefore($1.place) }
    if let end { lines.removeAll { end.isBefore($0.place) } }
    if lines.count > size {
      let shown = Array(lines.prefix(size))
      return WorkPage(lines: shown, next: shown.last?.place)
    }
    return WorkPage(lines: lines, next: end)
  }

  /// The last place that a walk looks at for one page; nil where it comes to its end before.
  private func lookedAt(
    _ snapshot: Snapshot, where walk: SQL, _ after: WorkPlace
  ) throws -> WorkPlace? {
    let offset = Self.linesLookedAtMax - 1
    return try snapshot.row(
      """
      SELECT due_at, case_id FROM approval_case WHERE is_closed = 0 AND \(sql: walk)
        AND (due_at, case_id) > (\(after.dueAt), \(after.caseID))
      ORDER BY due_at, case_id LIMIT 1 OFFSET \(offset)
      """
    ).map { WorkPlace(dueAt: try $0.int64("due_at"), caseID: try $0.text("case_id")) }
  }

  private func lines(
    _ snapshot: Snapshot, where walk: SQL, _ wanted: SQL?, _ after: WorkPlace, _ limit: Int
  ) throws -> [WorkLine] {
    let looked: SQL = """
      SELECT \(sql: Self.lineColumns) FROM approval_case WHERE is_closed = 0 AND \(sql: walk)
        AND (due_at, case_id) > (\(after.dueAt), \(after.caseID))
      ORDER BY due_at, case_id
      """
    guard let wanted else {
      return try snapshot.rows("\(sql: looked) LIMIT \(limit)").map(Self.line)
    }
    return try snapshot.rows(
      """
      SELECT * FROM (\(sql: looked) LIMIT \(Self.linesLookedAtMax)) AS looked_at
      WHERE \(sql: wanted) ORDER BY due_at, case_id LIMIT \(limit)
      """
    ).map(Self.line)
  }

  /// What a filter wants; nil where it wants everything.
  private static func condition(
    _ filter: WorkFilter, of holders: [String], at now: Timestamp
  ) -> SQL? {
    var conditions: [SQL] = []
    if !filter.kinds.isEmpty {
      conditions.append("kind IN \(values: filter.kinds.map(\.rawValue).sorted())")
    }
    if !filter.states.isEmpty {
      conditions.append("state IN \(values: filter.states.map(\.rawValue).sorted())")
    }
    if !filter.channels.isEmpty {
      conditions.append("channel IN \(values: filter.channels.map(\.rawValue).sorted())")
    }
    if let due = filter.dueBefore { conditions.append("due_at < \(due)") }
    if filter.isOverdue { conditions.append("due_at <= \(now)") }
    if filter.isGreen { conditions.append("green_due_at IS NOT NULL") }
    if filter.isUnclaimed {
      conditions.append("assigned_to = '' AND (held_by = '' OR held_until <= \(now))")
    }
    if !holders.isEmpty {
      conditions.append(
        """
        (assigned_to IN \(values: holders)
          OR (held_by IN \(values: Array(holders.prefix(1))) AND held_until > \(now)))
        """)
    }
    guard let first = conditions.first else { return nil }
    return conditions.dropFirst().reduce(first) { "\(sql: $0) AND \(sql: $1)" }
  }

  /// Every case after an id, by ascending id.
  func cases(
    after id: String, stage: Stage?, includeClosed: Bool, limit: Int
  ) async throws -> [WorkLine] {
    let open: SQL = includeClosed ? "" : "AND is_closed = 0"
    let atStage: SQL = stage.map { "AND work_stage = \($0)" } ?? ""
    return try await self.read { snapshot in
      try snapshot.rows(
        """
        SELECT \(sql: Self.lineColumns)
        FROM approval_case WHERE case_id > \(id) \(sql: open) \(sql: atStage)
        ORDER BY case_id LIMIT \(limit)
        """
      ).map(Self.line)
    }
  }

  static func line(_ row: Row) throws -> WorkLine {
    let dueAt = try row.int64("due_at")
    return WorkLine(
      caseID: try row.text("case_id"), applicationID: try row.text("application_id"),
      applicationNumber: try row.text("application_number"), kind: try row.choice("kind"),
      state: try row.choice("state"), version: try row.int64("version"),
      officeCode: try row.text("office_code"), channel: try row.choice("channel"),
      workOffice: try row.text("work_office"), desk: try Self.desk(row),
      dueAt: dueAt == Self.neverDue ? nil : Timestamp(milliseconds: dueAt),
      certificateIdentifier: try row.optionalText("certificate_identifier"))
  }
}
