import DomainModel
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// What follows from events of persons, by the pure rules alone.
struct PersonMachineTests {
  private let machine: PersonMachine

  init() throws {
    self.machine = PersonMachine(permits: PermitMachine(policy: try RegistryFixture.policy()))
  }

  private static func day(_ text: String) throws -> CivilDate {
    try #require(CivilDate(iso: text))
  }

  private static func registration(
    _ id: String, in division: String, from declaredOn: String
  ) throws -> Registration {
    Registration(
      id: ID(id), address: Address(division: division, street: "街道", detail: id),
      declaredOn: try Self.day(declaredOn), officeCode: "330106500000",
      recordedAt: Timestamp(milliseconds: 0))
  }

  /// A migrant: registered by the West Lake, before that in Suichang, with a permit of Hangzhou.
  private static func migrant(_ events: [PersonEvent] = []) throws -> PersonRecord {
    var left = try Self.registration("left", in: "331123", from: "2024-01-10")
    left.endedOn = try Self.day("2024-12-31")
    left.endReason = .left
    var record = PersonRecord()
    record.events = RecordedEvents(bearing: events, count: events.count)
    record.registrations = [
      left, try Self.registration("lake", in: "330106", from: "2025-01-01"),
      try Self.registration("town", in: "330102", from: "2026-02-20"),
      try Self.registration("hills", in: "331123", from: "2025-06-01"),
    ]
    record.live = PersonRecord.LivePermit(
      permit: try .sample(issuedOn: "2025-08-01"), citizenID: CitizenIDs.woman(1))
    return record
  }

  private func decide(
    _ event: PersonEvent, _ record: PersonRecord, now: String = "2026-03-10"
  ) throws -> PersonOutcome {
    try self.machine.decide(event, over: record, now: try .noon(now))
  }

  /// `id on day`, of each registration that ends.
  private static func endings(_ outcome: PersonOutcome) -> [String] {
    outcome.endings.map { "\($0.registration.id) on \($0.day.iso) \($0.reason.rawValue)" }
  }

  @Test func `a death ends what is in force on its day, and cancels the permit`() throws {
    let outcome = try self.decide(.died(on: Self.day("2026-02-18")), Self.migrant())
    #expect(
      Self.endings(outcome) == [
        "lake on 2026-02-18 death", "town on 2026-02-20 death", "hills on 2026-02-18 death",
      ])
    #expect(outcome.permits.map(\.events) == [[.cancelled(.death)]])
    #expect(outcome.isNew)
  }

  @Test func `a death overtakes an endorsement that is pending, and no court order stays it`()
    throws
  {
    var record = try Self.migrant()
    let pending = PendingEndorsement(
      applicationID: "application-2", submittedOn: try Self.day("2026-03-02"))
    let permit = try #require(record.live?.permit)
      .applying(.endorsementPending(pending, isInTime: true), at: try .noon("2026-03-02"))
      .applying(.held("(2026)浙0106民初1号"), at: try .noon("2026-03-03"))
    record.live = PersonRecord.LivePermit(permit: permit, citizenID: CitizenIDs.woman(1))
    let outcome = try self.decide(.died(on: Self.day("2026-03-05")), record)
    let today = try Self.day("2026-03-10")
    #expect(
      outcome.permits.map(\.events) == [
        [.endorsementEnded(.overtaken, on: today, wasInTime: true), .cancelled(.death)]
      ])
    #expect(outcome.closure == .death)
    let after = try #require(outcome.permits.first).events
      .reduce(permit) { $0.applying($1, at: today.startOfDay) }
    #expect(after.standing.pending == nil)
    #expect(after.standing.cancellation?.reason == .death)
    // Intake's word that the application ended changes nothing then, and is not refused.
    let end = PermitCommand.endPending(
      applicationID: "application-2", .withdrawn, on: today)
    #expect(try self.machine.permits.decide(after, end, now: today.startOfDay) == [])
  }

  @Test func `a death reported twice changes nothing, and on another day contradicts`() throws {
    let day = try Self.day("2026-02-18")
    let record = try Self.migrant([.died(on: day)])
    #expect(
      try self.decide(.died(on: day), record) == PersonOutcome(isNew: false, closure: .death))
    let error = #expect(throws: ServiceError.self) {
      try self.decide(.died(on: try Self.day("2026-02-19")), record)
    }
    #expect(error?.violations.map(\.reason) == ["PERSON_EVENT_DIFFERS"])
  }

  @Test func `a death that is withdrawn no longer stands, once`() throws {
    let (died, withdrawn) = try (Self.day("2026-02-18"), Self.day("2026-03-01"))
    let events = [PersonEvent.died(on: died), .deathWithdrawn(on: withdrawn)]
    #expect(try self.decide(events[1], Self.migrant([events[0]])) == PersonOutcome())
    let record = try Self.migrant(events)
    #expect(record.events.facts.diedOn == nil)
    #expect(try !self.decide(events[1], record).isNew)
    #expect(try self.decide(events[0], record).isNew)
  }

  /// Where the hukou is from 2026-02-18 on, which registrations end, and whether the permit does.
  static let moves: [(String, [String], Bool)] = [
    // Another district of the unit is the unit.
    ("330105", ["lake on 2026-02-18 local_hukou", "town on 2026-02-20 local_hukou"], true),
    ("331123", ["hills on 2026-02-18 local_hukou"], false),
    ("330881", [], false),
    // Another province.
    ("361121", [], false),
  ]

  @Test(arguments: Self.moves)
  func `who becomes local in a unit has no registration and no permit of it`(
    _ division: String, _ endings: [String], _ isCancelled: Bool
  ) throws {
    let outcome = try self.decide(
      .hukouMoved(to: division, on: Self.day("2026-02-18")), Self.migrant())
    #expect(Self.endings(outcome) == endings)
    #expect(
      outcome.permits.map(\.events) == (isCancelled ? [[.cancelled(.localHukou)]] : []))
    #expect(outcome.isNew && outcome.closure == .localHukou)
  }

  @Test func `a move that is reported after a later one ends only what there was by then`() throws {
    let later = PersonEvent.hukouMoved(to: "361121", on: try Self.day("2026-02-01"))
    let record = try Self.migrant([later])
    let outcome = try self.decide(
      .hukouMoved(to: "330106", on: Self.day("2025-07-01")), record)
    #expect(Self.endings(outcome) == ["lake on 2025-07-01 local_hukou"])
    // The permit was issued to him after he had come back from there.
    #expect(outcome.permits.isEmpty)
    // Nor is anything of his closed: where he lives now, the later one says.
    #expect(outcome.closure == nil)
    let facts = PersonFacts([later, .hukouMoved(to: "330106", on: try Self.day("2025-07-01"))])
    #expect(facts.hukou?.division == "361121")
    let again = try Self.migrant([later, .hukouMoved(to: "330106", on: Self.day("2025-07-01"))])
    let repeated = try self.decide(.hukouMoved(to: "330106", on: Self.day("2025-07-01")), again)
    #expect(repeated == PersonOutcome(isNew: false))
  }

  @Test func `another number makes the certificate anew, once`() throws {
    let number = try CitizenID.check(CitizenIDs.woman(7), on: .latest).get()
    let event = PersonEvent.numberChanged(to: number, on: try Self.day("2026-03-01"))
    let outcome = try self.decide(event, Self.migrant())
    #expect(outcome.permits.map(\.events) == [[.renumbered]])
    var record = try Self.migrant([event])
    let permit = try #require(record.live?.permit)
    record.live = PersonRecord.LivePermit(permit: permit, citizenID: number.text)
    #expect(try self.decide(event, record) == PersonOutcome(isNew: false))
  }

  @Test func `a number that he had before is kept, and his certificate stays`() throws {
    let numbers = try [7, 8].map { try CitizenID.check(CitizenIDs.woman($0), on: .latest).get() }
    let later = PersonEvent.numberChanged(to: numbers[1], on: try Self.day("2026-03-01"))
    var record = try Self.migrant([later])
    let permit = try #require(record.live?.permit)
    record.live = PersonRecord.LivePermit(permit: permit, citizenID: numbers[1].text)
    let earlier = PersonEvent.numberChanged(to: numbers[0], on: try Self.day("2025-03-01"))
    #expect(try self.decide(earlier, record) == PersonOutcome())
  }

  /// The phone that is given away on 2026-02-18, and whether it goes.
  static let phones: [(String, String, Bool)] = [
    ("13800138000", "2025-08-01", true), ("13800138000", "2026-02-18", true),
    // It was given to him.
    ("13800138000", "2026-02-19", false), ("13900139000", "2025-08-01", false),
  ]

  @Test(arguments: Self.phones)
  func `a phone goes that is the permit's and was not told since`(
    _ phone: String, _ toldOn: String, _ goes: Bool
  ) throws {
    let permit = try Permit.sample(issuedOn: "2024-08-01")
    let cancelled = permit.applying(.cancelled(.ownRequest), at: try .noon("2025-01-01"))
    for permit in [permit, cancelled] {
      var record = try Self.migrant()
      record.phones = [.init(permit: permit, phone: phone, toldOn: try Self.day(toldOn))]
      let given = try PhoneNumber.check("13800138000").get()
      let outcome = try self.decide(
        .phoneReassigned(given, on: Self.day("2026-02-18")), record)
      #expect(outcome.permits.map(\.events) == (goes ? [[.phoneRemoved]] : []))
      #expect(outcome.isNew == goes)
      #expect(outcome.endings.isEmpty)
    }
  }

  @Test func `no more events of one person are kept than there may be`() throws {
    var record = try Self.migrant()
    record.events.count = PersonMachine.eventsMax - 1
    let event = PersonEvent.hukouMoved(to: "361121", on: try Self.day("2026-02-18"))
    #expect(try self.decide(event, record).isNew)
    record.events.count += 1
    let error = #expect(throws: ServiceError.self) { try self.decide(event, record) }
    #expect(error?.violations.map(\.reason) == ["PERSON_EVENTS_TOO_MANY"])
  }

  /// Whose the two numbers are, and what is to be kept.
  static let numbers: [(String?, String?, NumberDecision<String>?)] = {
    guard let former = try? CitizenID.check(CitizenIDs.woman(1), on: .latest).get(),
      let next = try? CitizenID.check(CitizenIDs.woman(7), on: .latest).get()
    else { return [] }
    return [
      (nil, nil, .unknown), ("a", nil, .add(next, to: "a")), (nil, "b", .add(former, to: "b")),
      ("a", "a", .stands("a")), ("a", "b", nil),
    ]
  }()

  @Test(arguments: Self.numbers)
  func `two persons never become one`(
    _ former: String?, _ next: String?, _ decision: NumberDecision<String>?
  ) throws {
    let numbers = try [1, 7].map { try CitizenID.check(CitizenIDs.woman($0), on: .latest).get() }
    #expect(NumberDecision((numbers[0], former), (numbers[1], next)) == decision)
  }
}
