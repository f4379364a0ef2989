import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// The worked examples of the registry's rules, and which state takes which command.
struct PermitMachineTests {
  private let policy: RegistryPolicy
  private var machine: PermitMachine { PermitMachine(policy: self.policy) }

  init() throws {
    self.policy = try RegistryFixture.policy()
  }

  private static func day(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  private static func noon(_ text: String) throws -> Timestamp {
    try Self.day(text).startOfDay.adding(milliseconds: 12 * 3_600_000)
  }

  /// The permit after commands, each at noon of its day.
  private func after(
    _ steps: [(String, PermitCommand)], issuedOn: String = "2025-03-10"
  ) throws -> Permit {
    try steps.reduce(try Permit.sample(issuedOn: issuedOn)) { permit, step in
      let now = try Self.noon(step.0)
      return try self.machine.decide(permit, step.1, now: now)
        .reduce(permit) { $0.applying($1, at: now) }
    }
  }

  private func endorsed(submitted: String, decided: String) throws -> PermitCommand {
    .endorse(
      .init(submittedOn: try Self.day(submitted), decidedOn: try Self.day(decided), move: nil))
  }

  @Test(arguments: [
    ("2026-02-15", "2026-02-16", "2027-03-10", 0),
    ("2026-03-10", "2026-03-12", "2027-03-10", 0),
    ("2026-06-01", "2026-06-01", "2027-06-01", 82),
  ])
  func `an endorsement in time keeps the anchor and a late one begins its own year`(
    _ submitted: String, _ decided: String, _ validTo: String, _ suspended: Int
  ) throws {
    let permit = try self.after([
      (decided, self.endorsed(submitted: submitted, decided: decided))
    ])
    #expect(permit.term.validToOn.iso == validTo)
    #expect(permit.term.issuedOn.iso == "2025-03-10")
    #expect(permit.standing.suspendedDays == suspended)
  }

  @Test func `by the other anchor a late endorsement runs to the old anniversary`() throws {
    let text = try PolicyTexts.text("zhejiang.tsv").replacing(
      "late_anchor\tendorsement", with: "late_anchor\tissue")
    let policy = RegistryPolicy(
      divisions: self.policy.divisions, offices: self.policy.offices,
      settings: try PolicySettings(text: text), calendar: self.policy.calendar)
    let term = try policy.term(
      policy.term(issuedOn: Self.day("2025-03-10")), endorsedLateOn: Self.day("2026-06-01"))
    #expect(term.validToOn.iso == "2027-03-10")
  }

  @Test func `submitted in time it is not suspended while pending, and decided late is in time`()
    throws
  {
    let pending = PendingEndorsement(
      applicationID: "application-2", submittedOn: try Self.day("2026-03-10"))
    let waiting = try self.after([("2026-03-10", .notePending(pending))])
    #expect(try self.policy.state(of: waiting, at: Self.noon("2026-04-20")) == .valid)
    let permit = try self.after([
      ("2026-03-10", .notePending(pending)),
      ("2026-04-20", self.endorsed(submitted: "2026-03-10", decided: "2026-04-20")),
    ])
    #expect(permit.term.validToOn.iso == "2027-03-10")
    #expect(permit.standing.pending == nil && permit.standing.suspendedDays == 0)
  }

  @Test(arguments: [("2026-03-05", "2026-03-11"), ("2026-03-20", "2026-03-21")])
  func `refused later, it is suspended from the later of refusal and anniversary`(
    _ refused: String, _ firstSuspended: String
  ) throws {
    let permit = try self.after([
      (
        "2026-03-01",
        .notePending(.init(applicationID: "application-2", submittedOn: Self.day("2026-03-01")))
      ),
      (refused, .endPending(applicationID: "application-2", .refused, on: Self.day(refused))),
    ])
    let first = try Self.day(firstSuspended)
    #expect(self.policy.suspendedFrom(permit) == first)
    #expect(self.policy.state(of: permit, at: first.startOfDay) == .suspended)
    let before = first.startOfDay.adding(milliseconds: -1)
    #expect(self.policy.state(of: permit, at: before) != .suspended)
  }

  @Test func `an application that came too late lifts no suspension when it ends`() throws {
    let permit = try self.after([
      (
        "2026-06-01",
        .notePending(.init(applicationID: "application-2", submittedOn: Self.day("2026-06-01")))
      ),
      (
        "2026-06-01",
        .endPending(applicationID: "application-2", .withdrawn, on: Self.day("2026-06-02"))
      ),
    ])
    #expect(self.policy.suspendedFrom(permit)?.iso == "2026-03-11")
    #expect(try self.policy.state(of: permit, at: Self.noon("2026-06-01")) == .suspended)
  }

  @Test func `a second application waits for the end of the first`() throws {
    let first = PendingEndorsement(
      applicationID: "application-2", submittedOn: try Self.day("2026-03-01"))
    let permit = try self.after([("2026-03-01", .notePending(first))])
    let second = PendingEndorsement(
      applicationID: "application-3", submittedOn: try Self.day("2026-03-02"))
    let error = #expect(throws: ServiceError.self) {
      try self.machine.decide(permit, .notePending(second), now: Self.noon("2026-03-02"))
    }
    #expect(error?.reason == "ENDORSEMENT_ALREADY_PENDING")
  }

  @Test func `word of an application in time takes back a suspension that was none`() throws {
    let permit = try self.after([
      ("2026-03-12", .noteSuspension),
      (
        "2026-03-12",
        .notePending(.init(applicationID: "application-2", submittedOn: Self.day("2026-03-10")))
      ),
      (
        "2026-03-20",
        .endPending(applicationID: "application-2", .refused, on: Self.day("2026-03-20"))
      ),
      ("2026-03-22", .noteSuspension),
    ])
    #expect(permit.standing.suspensionNotedFrom?.iso == "2026-03-21")
  }

  @Test func `an endorsement before the window opens is refused with the day`() throws {
    let error = #expect(throws: ServiceError.self) {
      try self.after([
        ("2026-02-09", self.endorsed(submitted: "2026-02-09", decided: "2026-02-09"))
      ])
    }
    #expect(error?.reason == "ENDORSEMENT_TOO_EARLY")
    #expect(error?.metadata["opens_on"] == "2026-02-10")
  }

  @Test func `years are kept and suspended days are not counted`() throws {
    let permit = try self.after([
      ("2026-06-01", self.endorsed(submitted: "2026-06-01", decided: "2026-06-01"))
    ])
    let days = try self.policy.residenceDays(permit, on: Self.day("2026-06-01"))
    // 2025-03-10 to 2026-06-01 are 449 days, of which 2026-03-11 to 2026-05-31 do not count.
    #expect(days == (449 - 82, 82))
  }

  @Test func `a suspension is written down once, with its first day`() throws {
    let suspended = try self.after([("2026-05-01", .noteSuspension)])
    #expect(suspended.standing.suspensionNotedFrom?.iso == "2026-03-11")
    #expect(
      try self.machine.decide(suspended, .noteSuspension, now: Self.noon("2026-05-02")) == [])
  }

  @Test func `a move inside the unit is taken, late or not, and one outside is a conversion`()
    throws
  {
    func move(to division: String, reported: String) throws -> PermitCommand {
      .changeAddress(
        .init(
          divisionCode: division, changedOn: try Self.day("2025-05-01"),
          reportedOn: try Self.day(reported)))
    }
    let permit = try Permit.sample(issuedOn: "2025-03-10")
    let now = try Self.noon("2025-06-01")
    #expect(
      try self.machine.decide(
        permit, try move(to: "330102", reported: "2025-05-11"), now: now)
        == [.moved(toDivision: "330102", isLate: false)])
    #expect(
      try self.machine.decide(
        permit, try move(to: "330102", reported: "2025-05-12"), now: now)
        == [.moved(toDivision: "330102", isLate: true)])
    let error = #expect(throws: ServiceError.self) {
      try self.machine.decide(
        permit, try move(to: "331127", reported: "2025-05-11"), now: now)
    }
    #expect(error?.reason == "PERMIT_MUST_CONVERT")
  }

  @Test func `a court order stays what an officer decides and no fact of life`() throws {
    let held = try self.after([("2025-06-01", .placeHold("(2025)浙0106民初1号"))])
    let now = try Self.noon("2025-06-02")
    let error = #expect(throws: ServiceError.self) {
      try self.machine.decide(held, .cancel(.ownRequest), now: now)
    }
    #expect(error?.reason == "PERMIT_HELD")
    #expect(try self.machine.decide(held, .cancel(.death), now: now) == [.cancelled(.death)])
    #expect(try self.machine.decide(held, .reportLoss, now: now) == [.lost])
    let released = try self.after([
      ("2025-06-01", .placeHold("1")), ("2025-06-02", .releaseHold("1")),
      ("2025-06-03", .cancel(.ownRequest)),
    ])
    #expect(!released.isLive)
  }

  @Test func `every command is refused by name of state and rule where the table has it not`()
    throws
  {
    let commands: [PermitCommand] = [
      try self.endorsed(submitted: "2026-03-01", decided: "2026-03-01"), .changeContact, .correct,
      .reportLoss, .withdrawLoss, .cancel(.fraud), .reinstate, .placeHold("1"),
    ]
    for (state, permit, now) in try self.oneOfEachState() {
      for command in commands where !PermitRule.states(taking: command).contains(state) {
        let error = #expect(throws: ServiceError.self) {
          try self.machine.decide(permit, command, now: now)
        }
        #expect(error?.reason == "PERMIT_WRONG_STATE")
        #expect(error?.metadata["state"] == state.rawValue)
        #expect(error?.metadata["rule"]?.isEmpty == false)
      }
    }
  }

  private func oneOfEachState() throws -> [(PermitState, Permit, Timestamp)] {
    let lost = try self.after([("2025-06-01", .reportLoss)])
    let cancelled = try self.after([("2025-06-01", .cancel(.ownRequest))])
    let permit = try Permit.sample(issuedOn: "2025-03-10")
    let states: [(PermitState, Permit, Timestamp)] = [
      (.valid, permit, try Self.noon("2025-06-02")),
      (.endorsementWindow, permit, try Self.noon("2026-03-10")),
      (.suspended, permit, try Self.noon("2026-03-11")),
      (.lost, lost, try Self.noon("2025-06-02")),
      (.cancelled, cancelled, try Self.noon("2025-06-02")),
    ]
    for (state, permit, now) in states {
      #expect(self.policy.state(of: permit, at: now) == state)
    }
    #expect(Set(states.map(\.0)) == Set(PermitState.allCases))
    return states
  }
}

extension Permit {
  /// A permit issued on a day to somebody who lives by the West Lake.
  static func sample(issuedOn: String) throws -> Permit {
    let day = try #require(CivilDate(iso: issuedOn))
    return Permit(
      id: ID("sample-permit"), certificateIdentifier: "1.2.156.3005.2.sample",
      term: try RegistryFixture.policy().term(issuedOn: day), bureauCode: "330106000000",
      divisionCode: "330106", applicationID: "application-1", caseID: "case-1", keyID: "test-1",
      issuedAt: day.startOfDay)
  }
}
