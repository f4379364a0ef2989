import DomainModel

/// What is counted of cases. Each is counted in the transaction in which it happens.
enum CaseMeasure: Hashable, Sendable {
  case received, completed, notAccepted, refused, withdrawn, closed
  /// Decided within the promise, and after it.
  case onTime, late
  /// On time, with less than a day left.
  case nearDeadline
  /// Taken into the green channel, and decided within its time or after it.
  case green, greenOnTime, greenLate
  /// A reason of a refusal or of 不予受理.
  case reason(String)
  /// A case that took as long as a bucket of `UsedTime` says.
  case used(Int)

  /// The word it is stored under.
  var word: String {
    switch self {
    case .received: "received"
    case .completed: "completed"
    case .notAccepted: "not_accepted"
    case .refused: "refused"
    case .withdrawn: "withdrawn"
    case .closed: "closed"
    case .onTime: "on_time"
    case .late: "late"
    case .nearDeadline: "near_deadline"
    case .green: "green"
    case .greenOnTime: "green_on_time"
    case .greenLate: "green_late"
    case .reason(let code): "\(Self.reasonWord)\(code)"
    case .used(let bucket): "\(Self.usedWord)\(bucket)"
    }
  }

  private static let reasonWord = "reason:"
  private static let usedWord = "used:"

  /// What a stored word means; nil for one of a later release.
  init?(word: String) {
    if word.hasPrefix(Self.reasonWord) {
      self = .reason(String(word.dropFirst(Self.reasonWord.count)))
      return
    }
    if word.hasPrefix(Self.usedWord) {
      guard let bucket = Int(word.dropFirst(Self.usedWord.count)) else { return nil }
      self = .used(bucket)
      return
    }
    let plain: [CaseMeasure] = [
      .received, .completed, .notAccepted, .refused, .withdrawn, .closed, .onTime, .late,
      .nearDeadline, .green, .greenOnTime, .greenLate,
    ]
    guard let known = plain.first(where: { $0.word == word }) else { return nil }
    self = known
  }
}

/// What is counted of one event, and on which day.
struct CaseCount: Hashable, Sendable {
  /// When it happened, as the case's papers say.
  var at: Timestamp
  var measures: [CaseMeasure]

  /// How long before the promise's end a decision is near it, in milliseconds: a day.
  static let nearDeadlineMs: Int64 = 86_400_000

  /// What an event counts for; nil where for nothing. `file` is the case after it. A case is
  /// decided once: an approval counts when the registry has signed, which is when the promise is
  /// kept.
  init?(_ event: CaseEvent, in file: ApprovalCase, now: Timestamp) {
    switch event {
    case .issued(let effect): self.init(.completed, at: effect.at, of: file)
    case .notAccepted(let opinion): self.init(.notAccepted, opinion, of: file)
    case .refused(let opinion): self.init(.refused, opinion, of: file)
    case .withdrawn(let at): self.init(at: at, measures: [.withdrawn])
    case .closed(let closure): self.init(at: closure.closedAt, measures: [.closed])
    case .expedited: self.init(at: now, measures: [.green])
    default: return nil
    }
  }

  /// A case that has come in.
  static func received(_ file: ApprovalCase) -> CaseCount {
    CaseCount(at: file.origin.submittedAt, measures: [.received])
  }

  private init(at instant: Timestamp, measures: [CaseMeasure]) {
    self.at = instant
    self.measures = measures
  }

  private init(_ measure: CaseMeasure, _ opinion: Opinion, of file: ApprovalCase) {
    self.init(measure, at: opinion.signedAt, of: file)
    self.measures += opinion.reasons.map { .reason($0.code) }
  }

  private init(_ measure: CaseMeasure, at instant: Timestamp, of file: ApprovalCase) {
    var measures = [measure]
    if let promise = file.clocks.promise {
      let isOnTime = instant < promise.instant
      measures.append(isOnTime ? .onTime : .late)
      if isOnTime, promise.instant.milliseconds - instant.milliseconds < Self.nearDeadlineMs {
        measures.append(.nearDeadline)
      }
    }
    if let acceptedAt = file.clocks.acceptedAt {
      measures.append(.used(UsedTime.bucket(ofMs: file.usedMs(from: acceptedAt, to: instant))))
    }
    if let green = file.desk.green {
      measures.append(instant < green.dueAt ? .greenOnTime : .greenLate)
    }
    self.init(at: instant, measures: measures)
  }
}

extension ApprovalCase {
  /// How long it took, without the time in which the applicant was waited for, until his term for
  /// it was over at most, and without hearings and appraisals (Administrative Licence Law, Art.
  /// 45).
  fileprivate func usedMs(from acceptedAt: Timestamp, to end: Timestamp) -> Int64 {
    let waits = self.notices.map { notice in
      let ends = [notice.supplementedAt, notice.lapsedAt].compactMap(\.self)
      return (from: notice.notifiedAt, to: ends.min())
    }
    let stops = self.pauses.map { (from: $0.pausedAt, to: $0.resumedAt) }
    let stood = (waits + stops).reduce(into: Int64(0)) { sum, span in
      guard span.from >= acceptedAt else { return }
      sum += max(0, min(span.to ?? end, end).milliseconds - span.from.milliseconds)
    }
    return max(0, end.milliseconds - acceptedAt.milliseconds - stood)
  }
}

/// How long cases took, in a bounded number of buckets: each is a quarter wider than the one
/// before, so that a quantile is known within a quarter of itself however many cases there are.
enum UsedTime {
  /// The upper bounds in minutes: from one minute to beyond 90 days. What took longer is in the
  /// last.
  static let bounds: [Int64] = {
    var bounds: [Int64] = [1]
    while let last = bounds.last, last < 90 * 24 * 60 {
      bounds.append(last + max(1, last / 4))
    }
    return bounds
  }()

  /// The bucket of a time.
  static func bucket(ofMs milliseconds: Int64) -> Int {
    let minutes = (milliseconds + 59_999) / 60_000
    return self.bounds.firstIndex { minutes <= $0 } ?? self.bounds.count - 1
  }

  /// The upper bound, in minutes, of the bucket in which so many of a hundred cases lie at least; 0
  /// where there are no cases. `counts` are by bucket.
  static func quantile(_ percent: Int64, of counts: [Int: Int64]) -> Int64 {
    let total = counts.values.reduce(0, +)
    if total == 0 { return 0 }
    // The smallest rank that is not below the share (nearest rank).
    let rank = max(1, (total * percent + 99) / 100)
    var seen: Int64 = 0
    for bucket in self.bounds.indices {
      seen += counts[bucket] ?? 0
      if seen >= rank { return self.bounds[bucket] }
    }
    return self.bounds[self.bounds.count - 1]
  }
}
