import ArgumentParser
import Reconciliation
import Wire

/// Compares the four stores: submitted, approved, issued, completed, told.
struct Reconcile: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compare the four services' stores and say what differs.",
    discussion: """
      Work on its way from one service to the next is no difference: what differs at first is looked \
      at again each second, and only what still differs after --settle seconds is told. Exits 0 \
      where the stores agree, 1 where they differ.
      """)

  @Option(help: "How long work on its way may take to arrive, in seconds: 0 to 3600.")
  var settle = 10

  @OptionGroup var addresses: Addresses

  func validate() throws {
    guard (0...3600).contains(self.settle) else {
      throw ValidationError("--settle is 0 to 3600 seconds.")
    }
  }

  func run() async throws {
    try await self.addresses.withServices { services in
      var reconciliation = try await services.reconciliation()
      var differences = Set(reconciliation.differences())
      var waited = 0
      while !differences.isEmpty, waited < self.settle {
        try await Task.sleep(for: .seconds(1))
        waited += 1
        reconciliation = try await services.reconciliation()
        differences.formIntersection(reconciliation.differences())
      }
      try self.report(reconciliation, differences.sorted())
    }
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
