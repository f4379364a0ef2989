/// One thing that was to be held, and what was found.
package struct AimFinding: Hashable, Sendable {
  /// What was to be held, as a sentence without its end.
  package let aim: String
  /// What was found, with its figure.
  package let found: String
  /// Whether it was held.
  package let isHeld: Bool
  /// The first second of the run in which it was not; nil if it was, or if no second can be told.
  package let brokenAtS: Int?

  init(aim: String, found: String, isHeld: Bool, brokenAtS: Int? = nil) {
    self.aim = aim
    self.found = found
    self.isHeld = isHeld
    self.brokenAtS = isHeld ? nil : brokenAtS
  }

  /// Whether the generator made the rate that was asked of it.
  static func generator(of result: RunResult) -> AimFinding {
    let rates = result.rates
    let lag = rates.generatorLag.valueUs(at: .p99) ?? 0
    let limit = result.aims.generatorLagUsMax
    let due = rates.asked - rates.shed
    let begun = "\(Figure.count(rates.begun)) of \(Figure.count(due)) begun"
    return AimFinding(
      aim: "The load generator begins each of the \(rates.units) in time: "
        + "99 of 100 at most \(Figure.latency(limit)) late",
      found: "\(begun); 99 of 100 at most \(Figure.latency(lag)) late",
      isHeld: rates.begun == due && lag <= limit)
  }

  /// Each latency that was to be held, of each operation that it is said of.
  static func latencies(of result: RunResult) -> [AimFinding] {
    result.aims.latencies.flatMap { aim -> [AimFinding] in
      guard let name = aim.operation else {
        return result.operations.filter { $0.begun > 0 }.map { self.latency(aim, of: $0) }
      }
      guard let operation = result.operations.first(where: { $0.name == name && $0.begun > 0 })
      else {
        return [AimFinding(aim: self.sentence(aim, name), found: "no call was made", isHeld: false)]
      }
      return [self.latency(aim, of: operation)]
    }
  }

  private static func sentence(_ aim: LatencyAim, _ name: String) -> String {
    "\(name): \(aim.percentile.inWords) within \(Figure.latency(aim.latencyUsMax))"
  }

  private static func latency(_ aim: LatencyAim, of operation: OperationResult) -> AimFinding {
    let sentence = self.sentence(aim, operation.name)
    guard let value = operation.valueUs(at: aim.percentile) else {
      return AimFinding(
        aim: sentence, found: "none was answered", isHeld: false,
        brokenAtS: operation.seconds.first { $0.begun > 0 }?.second)
    }
    // A second tells its median, its 99th percentile and its longest: the nearest that the aim's
    // share reaches.
    let nearest: KeyPath<SecondFigures, Int64?> =
      aim.percentile < .p99 ? \.p50Us : aim.percentile == .p99 ? \.p99Us : \.maxUs
    let first = operation.seconds.first { $0[keyPath: nearest] ?? 0 > aim.latencyUsMax }
    return AimFinding(
      aim: sentence, found: Figure.latency(value), isHeld: value <= aim.latencyUsMax,
      brokenAtS: first?.second)
  }

  /// Whether no more calls failed than may.
  static func failures(of result: RunResult) -> AimFinding {
    let calls = result.calls
    let begun = calls.map(\.begun).reduce(0, +)
    let failed = calls.map(\.failed).reduce(0, +)
    let limit = result.aims.failedPerMillionMax
    let codes = Set(calls.flatMap(\.errors.keys)).sorted()
    let told = codes.isEmpty ? "" : " (\(codes.joined(separator: ", ")))"
    let firsts = calls.compactMap { $0.seconds.first { $0.failed > 0 }?.second }
    return AimFinding(
      aim: limit == 0 ? "No call fails" : "At most \(Figure.count(limit)) of a million calls fail",
      found: "\(Figure.count(failed)) of \(Figure.count(begun)) failed\(told)",
      isHeld: Double(failed) * 1_000_000 <= Double(limit) * Double(begun),
      brokenAtS: firsts.min())
  }

  /// Whether what was asked for came to its end.
  static func completion(of result: RunResult) -> AimFinding {
    let rates = result.rates
    let due = rates.begun + rates.shed
    let missing = max(0, due - rates.completed)
    let limit = Double(result.aims.failedPerMillionMax) * Double(due)
    let shed =
      rates.shed == 0 ? "" : "; \(Figure.count(rates.shed)) not begun, too many were under way"
    return AimFinding(
      aim: "All \(rates.units) that are due are completed",
      found: "\(Figure.count(rates.completed)) of \(Figure.count(due)) completed\(shed)",
      isHeld: Double(missing) * 1_000_000 <= limit)
  }

  /// What was looked at afterwards.
  static func invariants(of result: RunResult) -> [AimFinding] {
    result.invariants.map {
      AimFinding(aim: $0.promise, found: $0.found, isHeld: $0.isHeld)
    }
  }
}

extension Percentile {
  /// Such as `99 of 100 calls`.
  package var inWords: String {
    var (share, whole) = (self.perMillion, 1_000_000)
    while share.isMultiple(of: 10), whole > 100 {
      share /= 10
      whole /= 10
    }
    return "\(Figure.count(share)) of \(Figure.count(whole)) calls"
  }
}
