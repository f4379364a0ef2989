import LoadReport
import Reconciliation
import Wire

/// What must be so after every run, over all that the four stores hold.
struct Invariants {
  /// How many differences are named; the rest is counted.
  private static let namedMax = 10

  let stores: Reconciliation
  /// How many messages between services wait for a person, by service.
  let parked: [(service: String, count: Int)]
  /// How long the services still had work for one another after the last arrival, in ms; nil if
  /// they were not done in time.
  let backlogMs: Int64?

  /// The longest backlog that a run may leave, in milliseconds.
  static let backlogMsMax: Int64 = 1_000

  var checks: [InvariantCheck] {
    [self.permits, self.texts, self.agreement, self.outboxes, Self.backlog(ms: self.backlogMs)]
  }

  /// The kinds that end in a permit of their own.
  private var issued: Int {
    self.stores.cases.count { work in
      [.firstPermit, .conversionByPermit, .conversionByRegistration].contains(work.kind)
        && [.approved, .completed, .awaitingMaking, .awaitingNotification].contains(work.state)
    }
  }

  private var permits: InvariantCheck {
    InvariantCheck(
      promise: "As many permits as cases approved",
      isHeld: self.issued == self.stores.permits.count,
      found: "\(self.issued) approved, \(self.stores.permits.count) permits")
  }

  private var texts: InvariantCheck {
    let told = self.stores.messages.filter {
      ["permit_issued", "permit_converted"].contains($0.templateID)
    }
    let delivered = told.count { $0.state == .delivered }
    let permits = self.stores.permits.count
    return InvariantCheck(
      promise: "One text for each permit, and delivered",
      isHeld: told.count == permits && delivered == permits,
      found: "\(permits) permits, \(told.count) texts, \(delivered) delivered")
  }

  private var agreement: InvariantCheck {
    let differences = self.stores.differences()
    let named = differences.prefix(Self.namedMax).map { "\($0.kind) \($0.subject)" }
    return InvariantCheck(
      promise: "The four stores agree on every application",
      isHeld: differences.isEmpty,
      found: differences.isEmpty
        ? "\(self.stores.applications.count) applications, no difference"
        : "\(differences.count) differences: \(named.joined(separator: ", "))")
  }

  private var outboxes: InvariantCheck {
    let some = self.parked.filter { $0.count > 0 }.map { "\($0.service) \($0.count)" }
    return InvariantCheck(
      promise: "No message between services is an orphan",
      isHeld: some.isEmpty,
      found: some.isEmpty ? "none is parked" : "parked: \(some.joined(separator: ", "))")
  }

  /// What a backlog of so many ms comes to, nil being one that did not end.
  static func backlog(ms: Int64?) -> InvariantCheck {
    InvariantCheck(
      promise: "Less than \(Self.backlogMsMax) ms of work is left when the last call has ended",
      isHeld: ms.map { $0 < Self.backlogMsMax } ?? false,
      found: ms.map { "\($0) ms" } ?? "the outboxes did not empty")
  }
}
