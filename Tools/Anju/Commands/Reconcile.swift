import ArgumentParser
import Reconciliation
import ToolKit
import Wire

/// Compares the four stores: submitted, approved, issued, completed, told.
struct Reconcile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the four services' stores and say what differs.",
    discussion: """
      Work on its way from one service to the next is no difference: what differs at first is looked \
      at again each second, and only what still differs after --settle seconds is told. Exits 0 \
      where the stores agree, 1 where they differ.

      With --repair, after one store was restored from an older backup, the other services tell it \
      anew what it must know, and what is left is told. Do it before anybody works on. What only \
      the restored store knew is lost: Intake's drafts and the bytes of materials, approval's \
      opinions and texts of reasons, the registry's registrations.
      """)

  @Option(help: "How long work on its way may take to arrive, in seconds: 0 to 3600.")
  var settle = 10

  @Flag(
    help: "Have what one service lost told anew by those that know it, after a restore.")
  var repair = false

  @OptionGroup var addresses: Addresses

  func validate() throws {
    guard (0...3600).contains(self.settle) else {
      throw ValidationError("--settle is 0 to 3600 seconds.")
    }
  }

  func run() async throws {
    try await self.addresses.withServices { services in
      var (reconciliation, differences) = try await self.compare(services)
      if self.repair {
        var rounds = 0
        while !differences.isEmpty, rounds < Self.roundsMax {
          let messages = try await services.resend(reconciliation.repairs(of: differences))
          if messages == 0 { break }
          rounds += 1
          try Output(json: self.addresses.json).show(
            ["resent": messages], "\(messages) messages sent again")
          (reconciliation, differences) = try await self.compare(services)
        }
      }
      try self.report(reconciliation, differences.sorted())
    }
  }

  /// How often what still differs is told anew: what is mended first lets the next be seen, as an
  /// application that is known again lets its texts.
  private static let roundsMax = 3

  /// The stores side by side, and what differs in them all the time that work may be on its way.
  private func compare(
    _ services: Services
  ) async throws -> (Reconciliation, Set<Difference>) {
    var reconciliation = try await services.reconciliation()
    var differences = Set(reconciliation.differences())
    var waited = 0
    while !differences.isEmpty, waited < self.settle {
      try await Task.sleep(for: .seconds(1))
      waited += 1
      reconciliation = try await services.reconciliation()
      differences.formIntersection(reconciliation.differences())
    }
    return (reconciliation, differences)
  }

  private func report(_ reconciliation: Reconciliation, _ differences: [Difference]) throws {
    let output = Output(json: self.addresses.json)
    for difference in differences {
      try output.show(difference, "\(difference.kind)  \(difference.subject)")
    }
    let view = ReconciliationView(reconciliation, differences: differences.count)
    try output.show(view, view.sentence)
    if !differences.isEmpty { throw ExitCode.failure }
  }
}

extension Services {
  /// Everything the four stores say of the chain from submission to text.
  fileprivate func reconciliation() async throws -> Reconciliation {
    async let applications = self.everyApplication()
    async let cases = self.everyCase()
    async let permits = self.everyPermit()
    async let messages = self.everyMessage()
    return try await Reconciliation(
      applications: applications, cases: cases, permits: permits, messages: messages)
  }
}

/// The last line of a reconciliation.
struct ReconciliationView: Encodable {
  let applications: Int
  let cases: Int
  let permits: Int
  let messages: Int
  let differences: Int

  init(_ reconciliation: Reconciliation, differences: Int) {
    self.applications = reconciliation.applications.count
    self.cases = reconciliation.cases.count
    self.permits = reconciliation.permits.count
    self.messages = reconciliation.messages.count
    self.differences = differences
  }

  var sentence: String {
    "\(self.applications) applications, \(self.cases) cases, \(self.permits) permits, "
      + "\(self.messages) messages: \(self.differences) differences"
  }
}
