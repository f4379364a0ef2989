import ArgumentParser
import ToolKit
import Wire

/// Shows what was received and decided.
struct Statistics: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what was received and decided in a time.")

  @Option(help: "The first day: YYYY-MM-DD.")
  var from: String

  @Option(help: "The last day: YYYY-MM-DD.")
  var to: String

  @Option(help: "Two, four or six digits of divisions; all without it.")
  var division = ""

  @Option(help: "A line for each: division, kind, channel, month or day; repeat it for more.")
  var by: [DimensionName] = []

  @OptionGroup var addresses: Addresses

  func run() async throws {
    try await self.addresses.withServices { services in
      let request = ApprovalV1.GetStatisticsRequest(
        fromOn: self.from, toOn: self.to, divisionCode: self.division,
        by: self.by.map(\.dimension))
      let answer = try await services.approval.getStatistics(
        request, options: services.options(as: .auditor))
      for line in answer.lines {
        let view = StatisticsView(line)
        try Output(json: self.addresses.json).show(view, view.sentence)
      }
    }
  }
}

/// A dimension as it is written on the command line.
enum DimensionName: String, ExpressibleByArgument, CaseIterable {
  case division, kind, channel, month, day

  var dimension: ApprovalV1.StatisticsDimension {
    switch self {
    case .division: .division
    case .kind: .kind
    case .channel: .channel
    case .month: .month
    case .day: .day
    }
  }
}

/// A line of statistics as the command line shows it.
struct StatisticsView: Encodable {
  let what: String
  let received: Int64
  let decided: Int64
  let completed: Int64
  let notAccepted: Int64
  let refused: Int64
  let withdrawn: Int64
  let closed: Int64
  let onTime: Int64
  let late: Int64
  let nearDeadline: Int64
  let green: Int64
  let usedMedianMinutes: Int64
  let usedP95Minutes: Int64

  init(_ line: ApprovalV1.StatisticsLine) {
    let kind = line.kind == .unspecified ? "" : word(line.kind)
    let channel = line.channel == .unspecified ? "" : word(line.channel)
    self.what = [line.divisionCode, kind, channel, line.month, line.day]
      .filter { !$0.isEmpty }.joined(separator: " ")
    self.received = line.received
    self.decided = line.decided
    self.completed = line.completed
    self.notAccepted = line.notAccepted
    self.refused = line.refused
    self.withdrawn = line.withdrawn
    self.closed = line.closed
    self.onTime = line.onTime
    self.late = line.late
    self.nearDeadline = line.nearDeadline
    self.green = line.green
    self.usedMedianMinutes = line.usedMedianMinutes
    self.usedP95Minutes = line.usedP95Minutes
  }

  var sentence: String {
    let outcome =
      "\(self.completed) completed, \(self.notAccepted) not accepted, \(self.refused) refused"
    return """
      \(self.what.isEmpty ? "all" : self.what): \(self.received) received, \(self.decided) decided \
      (\(outcome)), \(self.onTime) on time, \(self.late) late, \
      half within \(self.usedMedianMinutes) min
      """
  }
}
