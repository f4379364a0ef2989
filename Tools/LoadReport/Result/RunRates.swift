/// How much a run asked for and how much was done. Counted are the schedule's arrivals, each of
/// which may be several calls: one whole life is one arrival.
package struct RunRates: Hashable, Sendable, Codable {
  /// What the arrivals are, in the plural: `whole lives`, `verifications`.
  package var units: String
  /// How many arrivals the schedule asked for.
  package var asked: Int
  /// How many of them the generator began.
  package var begun: Int
  /// How many it did not begin because as many were under way as it may have: the system had not
  /// answered those before. They count as not completed; the generator is not to blame.
  package var shed: Int
  /// How many ended as was wanted.
  package var completed: Int
  /// How long the schedule was, in µs.
  package var scheduleUs: Int64
  /// From the first intended start to the last end, in µs: longer than the schedule by what was
  /// still under way when it was over.
  package var tookUs: Int64
  /// How late each arrival left the generator after its intended start.
  package var generatorLag: LatencyHistogram

  /// A run's rates.
  package init(
    units: String, asked: Int, begun: Int, shed: Int = 0, completed: Int, scheduleUs: Int64,
    tookUs: Int64, generatorLag: LatencyHistogram
  ) {
    self.units = units
    self.asked = asked
    self.begun = begun
    self.shed = shed
    self.completed = completed
    self.scheduleUs = scheduleUs
    self.tookUs = tookUs
    self.generatorLag = generatorLag
  }

  /// The mean rate that was asked for, in arrivals a second.
  package var askedPerS: Double { Self.rate(self.asked, over: self.scheduleUs) }

  /// The mean rate that was completed until all was done, in arrivals a second.
  package var completedPerS: Double { Self.rate(self.completed, over: self.tookUs) }

  private static func rate(_ count: Int, over us: Int64) -> Double {
    us <= 0 ? 0 : Double(count) * 1_000_000 / Double(us)
  }

  private enum CodingKeys: String, CodingKey {
    case units, asked, begun, shed, completed
    case scheduleUs = "schedule_us"
    case tookUs = "took_us"
    case generatorLag = "generator_lag"
  }
}
