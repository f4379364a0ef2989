import DomainModel
import ServiceCore
import Storage

/// What is asked of statistics.
struct StatisticsQuestion: Hashable, Sendable {
  var days: ClosedRange<CivilDate>
  /// The digits with which the divisions begin; empty for all.
  var division = ""
  var kind: ApplicationKind?
  var channel: ApprovalCase.Channel?
  /// By what the lines are told apart.
  var by: Set<Dimension> = []

  /// By what lines can be told apart; in this order they are sorted.
  enum Dimension: Int, Hashable, Sendable, CaseIterable {
    case division, kind, channel, month, day
  }

  /// The longest time asked for, in days.
  static let daysMax = 366
  /// How many lines one answer has at most.
  static let linesMax = 2_000
}

/// What was counted for one combination of the dimensions asked for.
struct StatisticsLine: Hashable, Sendable {
  var division = ""
  var kind = ""
  var channel = ""
  var month = ""
  var day = ""
  var counts: [CaseMeasure: Int64] = [:]
}

/// Counters of cases, a row a day, county, kind, channel and measure.
extension ApprovalStore {
  /// Into how many parts a counter is split: transactions that count in one row wait for each
  /// other, or on PostgreSQL run again.
  static let statisticShards = 16
  /// How many counters one answer reads at most.
  private static let countersMax = 400_000

  /// Counts what happened to a case, in the transaction in which it happens.
  func count(_ transaction: Transaction, _ count: CaseCount, of file: ApprovalCase) throws {
    let origin = file.origin
    let (day, division) = (CivilDate(of: count.at).iso, String(origin.bureauCode.prefix(6)))
    let shard = Int(file.id.text.utf8.last ?? 0) % Self.statisticShards
    for measure in count.measures {
      try transaction.execute(
        """
        INSERT INTO case_statistic (day, division, kind, channel, measure, shard, value)
        VALUES (\(day), \(division), \(origin.kind), \(origin.channel), \(measure.word), \(shard), 1)
        ON CONFLICT (day, division, kind, channel, measure, shard)
        DO UPDATE SET value = case_statistic.value + 1
        """)
    }
  }

  /// What was counted, by the dimensions asked for and in their order; nil where there are more
  /// lines than an answer has.
  func statistics(_ question: StatisticsQuestion) async throws -> [StatisticsLine]? {
    try await self.read { snapshot in
      let rows: [Row]
      do {
        rows = try snapshot.rows(Self.statement(question), rowsMax: Self.countersMax)
      } catch StorageError.tooManyRows {
        return nil
      }
      var lines: [StatisticsLine] = []
      for row in rows {
        let key = StatisticsLine(
          division: try row.text("division"), kind: try row.text("kind"),
          channel: try row.text("channel"), month: try row.text("month"),
          day: try row.text("day"))
        var bare = lines.last
        bare?.counts = [:]
        if bare != key {
          if lines.count == StatisticsQuestion.linesMax { return nil }
          lines.append(key)
        }
        guard let measure = CaseMeasure(word: try row.text("measure")) else { continue }
        lines[lines.count - 1].counts[measure] = try row.int64("total")
      }
      return lines
    }
  }

  private static func statement(_ question: StatisticsQuestion) -> SQL {
    let columns: [(StatisticsQuestion.Dimension, name: SQL, value: SQL)] = [
      (.division, "division", "case_statistic.division"), (.kind, "kind", "case_statistic.kind"),
      (.channel, "channel", "case_statistic.channel"),
      (.month, "month", "SUBSTR(case_statistic.day, 1, 7)"), (.day, "day", "case_statistic.day"),
    ]
    var (shown, grouped): (SQL, SQL) = ("", "")
    for column in columns {
      let isAsked = question.by.contains(column.0)
      shown = "\(sql: shown) \(sql: isAsked ? column.value : "''") AS \(sql: column.name),"
      if isAsked { grouped = "\(sql: grouped) \(sql: column.value)," }
    }
    var condition: SQL = """
      case_statistic.day >= \(question.days.lowerBound.iso)
      AND case_statistic.day <= \(question.days.upperBound.iso)
      """
    if !question.division.isEmpty {
      // A colon comes after the digits.
      condition = """
        \(sql: condition) AND case_statistic.division >= \(question.division)
        AND case_statistic.division < \(question.division + ":")
        """
    }
    if let kind = question.kind {
      condition = "\(sql: condition) AND case_statistic.kind = \(kind)"
    }
    if let channel = question.channel {
      condition = "\(sql: condition) AND case_statistic.channel = \(channel)"
    }
    // The order of what is grouped, so that the rows of one line stand together.
    return """
      SELECT \(sql: shown) measure, CAST(SUM(value) AS BIGINT) AS total FROM case_statistic
      WHERE \(sql: condition)
      GROUP BY \(sql: grouped) measure ORDER BY \(sql: grouped) measure
      """
  }
}
