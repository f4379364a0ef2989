import Crypto
import DomainModel
import PermitProof
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

struct ReportPersonEventTests {
  private typealias Event = RegistryV1.ReportPersonEventRequest.Event

  /// A registry on an engine whose first person is registered and holds a permit.
  private static func withHolder(
    _ engine: TestEngine,
    _ body: (RegistryFixture, RegistryV1.Registration, RegistryV1.Permit) async throws -> Void
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store)
      let registration = try await registry.register()
      let permit = try #require(try await registry.issue(1))
      registry.clock.set(try .noon("2026-04-20"))
      try await body(registry, registration, permit)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a death ends everything at once, is logged, and nobody is written to`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, registration, permit in
      let told = try await registry.told().count
      let answer = try await registry.report(1, .died("2026-04-12"))
      #expect(
        answer
          == .init(
            personKnown: true, endedRegistrationIDs: [registration.registrationID],
            cancelledCertificateIdentifier: permit.certificateIdentifier,
            changes: [registration.registrationID, permit.permitID].map {
              .init(entityID: $0, entityVersion: 2, logState: .sequencing)
            }))
      let residence = try await registry.residence()
      #expect(residence.registrations.map(\.endedOn) == ["2026-04-12"])
      #expect(residence.registrations.map(\.endReason) == [.death])
      #expect(residence.liveCertificateIdentifier == "")
      let cancelled = try await registry.permit(permit.certificateIdentifier)
      #expect(cancelled.state == .cancelled && cancelled.cancelReason == .death)
      #expect(cancelled.cancelledAtMs == registry.clock.now().milliseconds)
      let line = try #require(try await registry.history(permit).last)
      #expect(line.action == "cancel_permit")
      #expect(line.detail == "death; died 2026-04-12; 人口管理部门; 2026-000123")
      #expect(line.actor == "integrator:registration")
      #expect(try await registry.told().count == told)
      let log = try await LogReading(registry.store, registry.log)
      #expect(log.entries.map(\.action).suffix(2) == ["end_registration", "cancel_permit"])
      #expect(log.unentered == 0)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a repeat gets the first answer, and the same under another key changes nothing`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, _, _ in
      let first = try await registry.report(1, .died("2026-04-12"))
      let lines = try await registry.count(.history)
      #expect(try await registry.report(1, .died("2026-04-12")) == first)
      let again = try await registry.report(1, .died("2026-04-12"), key: "person-event-key-2")
      #expect(again == .init(personKnown: true))
      #expect(try await registry.count(.history) == lines)
      let error = await #expect(throws: ServiceError.self) {
        try await registry.report(1, .died("2026-04-13"))
      }
      #expect(error?.reason == "IDEMPOTENCY_KEY_REUSED")
    }
  }

  @Test(arguments: TestEngine.all)
  func `for the dead nothing is issued or registered, until the report falls`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, _, permit in
      try await registry.report(1, .died("2026-04-12"))
      let orders: [() async throws -> Void] = [
        {
          _ = try await registry.client.issuePermit(
            RegistryV1.IssuePermitRequest.sample(1).changed {
              $0.idempotencyKey = "another-order-of-the-same-person"
              $0.caseID = "another-case"
            }, options: .approval)
        },
        {
          _ = try await registry.register(key: "registration-key-2") {
            $0.declaredOn = "2026-04-15"
          }
        },
        {
          _ = try await registry.client.reinstatePermit(
            .init(
              idempotencyKey: "reinstate-key-of-person-1",
              certificateIdentifier: permit.certificateIdentifier,
              order: .sample("2026-04-20", reason: "复议决定")), options: .approval)
        },
      ]
      for order in orders {
        let error = await #expect(throws: ServiceError.self) { try await order() }
        #expect(error?.reason == "PERSON_DECEASED")
        #expect(error?.metadata == ["died_on": "2026-04-12"])
      }
      try await registry.report(
        1, .deathWithdrawn(.init(withdrawnOn: "2026-04-20")), key: "person-event-key-2")
      for order in orders.suffix(2) { try await order() }
      #expect(try await registry.residence().liveCertificateIdentifier != "")
    }
  }

  @Test(arguments: TestEngine.all)
  func `who becomes local is told, and gets no permit of the unit any more`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, registration, permit in
      let answer = try await registry.report(1, .hukou("330105", "2026-04-01"))
      #expect(answer.endedRegistrationIDs == [registration.registrationID])
      #expect(answer.cancelledCertificateIdentifier == permit.certificateIdentifier)
      #expect(try await registry.told().last?.templateID == "permit_cancelled")
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.issuePermit(
          RegistryV1.IssuePermitRequest.sample(1).changed {
            $0.idempotencyKey = "another-order-of-the-same-person"
            $0.caseID = "another-case"
          }, options: .approval)
      }
      #expect(error?.reason == "HUKOU_IN_UNIT")
      #expect(error?.metadata == ["division_code": "330105"])
    }
  }

  @Test(arguments: TestEngine.all)
  func `another number is in a new certificate, and both lead to the person`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, registration, permit in
      let number = CitizenIDs.woman(7)
      let answer = try await registry.report(1, .number(number, "2026-04-01"))
      #expect(answer.personKnown && answer.endedRegistrationIDs.isEmpty)
      let renumbered = try await registry.permit(permit.certificateIdentifier)
      #expect(renumbered.certificateIdentifier == answer.newCertificateIdentifier)
      #expect(renumbered.previousCertificateIdentifier == permit.certificateIdentifier)
      let document = try PermitDocument(canonicalBytes: renumbered.document)
      #expect(document.holder.citizenID == number)
      let key = try SM2PublicKey(pem: registry.signer.publicKeyPEM)
      #expect(try key.verify(renumbered.signature, of: renumbered.document))
      for person in [1, 7] {
        let found = try await registry.residence(of: person)
        #expect(found.registrations.map(\.registrationID) == [registration.registrationID])
        #expect(found.liveCertificateIdentifier == renumbered.certificateIdentifier)
      }
      let again = try await registry.report(
        1, .number(number, "2026-04-01"), key: "person-event-key-2")
      #expect(again == .init(personKnown: true))
      #expect(try await registry.count(.person) == 2)
      // Reported by the new number he is the same.
      let death = try await registry.report(7, .died("2026-04-12"), key: "person-event-key-3")
      #expect(death.cancelledCertificateIdentifier == renumbered.certificateIdentifier)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a new number gets nobody a second permit, and the old one gets him none`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, _, permit in
      let answer = try await registry.report(1, .number(CitizenIDs.woman(7), "2026-04-01"))
      let second = await #expect(throws: ServiceError.self) { try await registry.issue(7) }
      #expect(second?.reason == "PERMIT_ALREADY_LIVE")
      #expect(
        second?.metadata["certificate_identifier"] == answer.newCertificateIdentifier)
      _ = try await registry.client.cancelPermit(
        .init(
          idempotencyKey: "cancel-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .sample("2026-04-20"),
          reason: .ownRequest), options: .approval)
      let former = await #expect(throws: ServiceError.self) {
        try await registry.client.issuePermit(
          RegistryV1.IssuePermitRequest.sample(1).changed {
            $0.idempotencyKey = "another-order-of-the-same-person"
            $0.caseID = "another-case"
          }, options: .approval)
      }
      #expect(former?.reason == "PERSON_NUMBER_CHANGED")
      #expect(try await registry.issue(7) != nil)
    }
  }

  @Test(arguments: TestEngine.all)
  func `whichever is first, the new number or an order under it, there is one live permit`(
    _ engine: TestEngine
  ) async throws {
    let first = try await RegistryFixture()
    try await engine.withStore(first.clock) { store in
      let registry = try await RegistryFixture(again: first, over: store)
      for person in stride(from: 10, to: 22, by: 2) {
        _ = try await registry.issue(person)
        async let reported = Self.reason {
          try await registry.report(
            person, .number(CitizenIDs.woman(person + 1), "2026-03-01"),
            key: "person-event-key-\(person)")
        }
        async let issued = Self.reason { try await registry.issue(person + 1) }
        let outcome = await [reported, issued]
        #expect(
          outcome == ["", "PERMIT_ALREADY_LIVE"] || outcome == ["PERSONS_CONFLICT", ""],
          "\(outcome)")
      }
    }
  }

  /// Why a call is refused; empty where it is not.
  private static func reason<Answer: Sendable>(
    _ call: @Sendable () async throws -> Answer
  ) async -> String {
    do {
      _ = try await call()
      return ""
    } catch {
      return (error as? ServiceError)?.reason ?? "\(error)"
    }
  }

  @Test(arguments: TestEngine.all)
  func `two persons who would be one are refused and named by what tells no number`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, _, permit in
      _ = try await registry.register(7, key: "registration-key-2")
      let lines = try await registry.count(.history)
      let error = await #expect(throws: ServiceError.self) {
        try await registry.report(1, .number(CitizenIDs.woman(7), "2026-04-01"))
      }
      #expect(error?.reason == "PERSONS_CONFLICT")
      #expect(
        Set(error?.metadata.keys.map(\.self) ?? [])
          == ["person_id", "other_person_id", "certificate_identifier"])
      #expect(error?.metadata["certificate_identifier"] == permit.certificateIdentifier)
      #expect(error?.metadata.values.contains { $0.contains("36112119900101") } == false)
      #expect(try await registry.count(.history) == lines)
      #expect(try await registry.permit(permit.certificateIdentifier).version == 1)
    }
  }

  @Test(arguments: TestEngine.all)
  func `a phone that is somebody else's now gets no text, until another is told`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, _, permit in
      let told = try await registry.told().count
      let answer = try await registry.report(1, .phone("13800138000", "2026-04-01"))
      #expect(answer.phonesRemoved == 1)
      #expect(try await registry.history(permit).last?.action == "remove_permit_phone")
      _ = try await registry.client.reportLoss(
        .init(
          idempotencyKey: "loss-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-04-20")),
        options: .intake)
      #expect(try await registry.told().count == told)
      _ = try await registry.client.changePermitContact(
        .init(
          idempotencyKey: "contact-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-04-20"),
          phone: "13800138000"), options: .intake)
      // The number was given to him since.
      let again = try await registry.report(
        1, .phone("13800138000", "2026-04-01"), key: "person-event-key-2")
      #expect(again.phonesRemoved == 0)
      _ = try await registry.client.withdrawLoss(
        .init(
          idempotencyKey: "found-key-of-person-1",
          certificateIdentifier: permit.certificateIdentifier, order: .holder("2026-04-20")),
        options: .intake)
      #expect(try await registry.told().count == told + 1)
    }
  }

  @Test(arguments: TestEngine.all)
  func `intake is told once a report, by every number, and hears of nothing else`(
    _ engine: TestEngine
  ) async throws {
    try await Self.withHolder(engine) { registry, _, _ in
      try await registry.report(1, .phone("13800138000", "2026-04-01"))
      try await registry.report(
        1, .number(CitizenIDs.woman(7), "2026-04-01"), key: "person-event-key-2")
      try await registry.report(1, .hukou("330105", "2026-04-02"), key: "person-event-key-3")
      let recordedAt = registry.clock.now()
      registry.clock.advance(milliseconds: 1_000)
      // A repeat of the call says nothing more.
      try await registry.report(1, .hukou("330105", "2026-04-02"), key: "person-event-key-3")
      _ = try await registry.told()
      let event = try #require(registry.intake.events.first)
      #expect(registry.intake.events.count == 1)
      #expect(event.citizenIDs == [CitizenIDs.woman(1), CitizenIDs.woman(7)])
      #expect(event.reason == .localHukou && event.eventOn == "2026-04-02")
      #expect(event.divisionCode == "330105")
      #expect(event.recordedAtMs == recordedAt.milliseconds)
      #expect(event.source == "人口管理部门" && event.reference == "2026-000123")
      // Reported anew it is told anew: something may have been applied for since. A move that is
      // overtaken by a later one is not.
      try await registry.report(1, .hukou("330105", "2026-04-02"), key: "person-event-key-4")
      try await registry.report(1, .hukou("330106", "2026-03-01"), key: "person-event-key-5")
      _ = try await registry.told()
      try await registry.report(7, .died("2026-04-12"), key: "person-event-key-6")
      _ = try await registry.told()
      #expect(registry.intake.events.map(\.reason) == [.localHukou, .localHukou, .death])
      #expect(registry.intake.events.last?.divisionCode == "")
      #expect(
        registry.intake.events.last?.citizenIDs == [CitizenIDs.woman(7), CitizenIDs.woman(1)])
    }
  }

  @Test func `of somebody nobody knows intake is told all the same`() async throws {
    let registry = try await RegistryFixture()
    try await registry.report(1, .died("2026-03-01"))
    _ = try await registry.told()
    #expect(registry.intake.events.map(\.citizenIDs) == [[CitizenIDs.woman(1)]])
    #expect(try await registry.count(.person) == 0)
    #expect(try await registry.count(.outbox) == 0)
  }

  @Test func `of somebody nobody knows nothing is kept`() async throws {
    let registry = try await RegistryFixture()
    for (index, event) in [
      Event.died("2026-03-01"), .number(CitizenIDs.woman(7), "2026-03-01"),
      .phone("13800138000", "2026-03-01"),
    ].enumerated() {
      let answer = try await registry.report(1, event, key: "person-event-key-\(index)")
      #expect(answer == .init(personKnown: false))
    }
    #expect(try await registry.count(.person) == 0)
  }

  @Test func `no platform reports but those that speak for an authority`() async throws {
    let registry = try await RegistryFixture()
    let error = await #expect(throws: ServiceError.self) {
      try await registry.client.reportPersonEvent(
        .sample(1, .died("2026-03-01")), options: .integrator)
    }
    #expect(error?.reason == "CALLER_NOT_ALLOWED")
  }

  @Test func `every defect is told at once`() async throws {
    let registry = try await RegistryFixture()
    let orders: [(RegistryV1.ReportPersonEventRequest, Set<String>)] = [
      (
        .init(idempotencyKey: "person-event-key-1"),
        [
          "citizen_id FIELD_MISSING", "source FIELD_MISSING", "reference FIELD_MISSING",
          "event FIELD_MISSING",
        ]
      ),
      (.sample(1, .died("2026-03-11")), ["death.died_on DATE_IN_FUTURE"]),
      (.sample(1, .died("1989-12-31")), ["death.died_on DATE_TOO_EARLY"]),
      (
        .sample(1, .hukou("330100", "2026-03-01")),
        ["hukou_moved.division_code DIVISION_NOT_COUNTY"]
      ),
      (.sample(1, .hukou("999999", "2026-03-01")), ["hukou_moved.division_code DIVISION_UNKNOWN"]),
      (
        .sample(1, .number(CitizenIDs.woman(1), "")),
        ["number_changed.new_citizen_id VALUE_UNKNOWN", "number_changed.changed_on FIELD_MISSING"]
      ),
      (.sample(1, .phone("12", "2026-03-01")), ["phone_reassigned.phone PHONE_INVALID"]),
    ]
    for (order, expected) in orders {
      let error = await #expect(throws: ServiceError.self) {
        try await registry.client.reportPersonEvent(order, options: .authority)
      }
      #expect(Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? []) == expected)
    }
  }

  @Test func `neither number stands open anywhere`() async throws {
    try await Self.withHolder(.sqlite) { registry, _, _ in
      try await registry.report(1, .number(CitizenIDs.woman(7), "2026-04-01"))
      try await registry.report(1, .died("2026-04-12"), key: "person-event-key-2")
      let values = try await StoredValues(of: registry.store)
      for text in [CitizenIDs.woman(1), CitizenIDs.woman(7), "人口管理部门", "13800138000"] {
        #expect(values.places(of: text) == [])
      }
    }
  }
}
