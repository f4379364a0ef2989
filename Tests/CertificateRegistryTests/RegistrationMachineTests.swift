import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// What becomes of registrations, by the pure rules alone.
struct RegistrationMachineTests {
  private let machine: RegistrationMachine

  init() throws {
    self.machine = RegistrationMachine(policy: try RegistryFixture.policy().settings)
  }

  private static func day(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  private static func registration(_ id: String = "a") throws -> Registration {
    Registration(
      id: ID(id),
      address: Address(division: "330106", street: "北山街道", community: "", detail: id),
      declaredOn: try Self.day("2025-08-31"), officeCode: "330106500000",
      recordedAt: Timestamp(milliseconds: 0))
  }

  private static func move(
    to detail: String, changedOn: String, reportedOn: String
  ) throws -> RegistrationChange.Move {
    RegistrationChange.Move(
      address: Address(division: "330106", street: "北山街道", community: "", detail: detail),
      workplace: "", changedOn: try Self.day(changedOn), reportedOn: try Self.day(reportedOn),
      officeCode: "330106500000")
  }

  /// Why a registration may have ended, and whether it can still be found to be a mistake.
  static let endings: [(EndReason?, Bool)] = [
    (nil, true), (.left, true), (.moved, true), (.death, true), (.localHukou, true),
    (.recordedInError, false),
  ]

  @Test(arguments: Self.endings)
  func `one that has ended takes nothing but that it was a mistake, and that once`(
    _ ended: EndReason?, _ mayBeMistaken: Bool
  ) throws {
    var registration = try Self.registration()
    registration.endedOn = try Self.day("2026-01-31")
    registration.endReason = ended
    let later = try Self.day("2026-02-01")
    let move = try Self.move(to: "b", changedOn: "2026-02-01", reportedOn: "2026-02-01")
    for change in [RegistrationChange.move(move), .end(on: later, .left), .end(on: later, .death)] {
      let error = #expect(throws: ServiceError.self) {
        try self.machine.decide(registration, change, over: [registration])
      }
      #expect(error?.reason == "REGISTRATION_ENDED")
    }
    let mistake = RegistrationChange.end(on: later, .recordedInError)
    let outcome = try? self.machine.decide(registration, mistake, over: [registration])
    #expect((outcome == .ends(on: later, .recordedInError)) == mayBeMistaken)
  }

  @Test func `a change that stands is found among all that is known`() throws {
    let move = try Self.move(to: "b", changedOn: "2026-02-01", reportedOn: "2026-02-03")
    let first = try Self.registration().ended(on: try Self.day("2026-02-02"), .moved)
    let next = Registration(
      id: ID("b"), address: move.address, declaredOn: move.reportedOn, previousID: first.id,
      officeCode: move.officeCode, recordedAt: Timestamp(milliseconds: 0))
    #expect(
      try self.machine.decide(first, .move(move), over: [first, next]) == .stands(next))
    let mistaken = next.ended(on: move.reportedOn, .recordedInError)
    let error = #expect(throws: ServiceError.self) {
      try self.machine.decide(first, .move(move), over: [first, mistaken])
    }
    #expect(error?.reason == "REGISTRATION_ENDED")
  }

  @Test(arguments: [
    (Registration.perPersonMax - 1, nil), (Registration.perPersonMax, "REGISTRATIONS_TOO_MANY"),
  ])
  func `a person has at most so many registrations`(_ count: Int, _ expected: String?) throws {
    let known = try (0..<count).map { try Self.registration("\($0)") }
    let move = try Self.move(to: "next", changedOn: "2026-02-01", reportedOn: "2026-02-01")
    var reason: String?
    do {
      _ = try self.machine.decide(known[0], .move(move), over: known)
    } catch let error as ServiceError {
      reason = error.violations.first?.reason
    }
    #expect(reason == expected)
  }
}
