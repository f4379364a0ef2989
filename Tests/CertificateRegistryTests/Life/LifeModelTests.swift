import DomainModel
import Foundation
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

/// One person, two offices that issue, several callers at a time: whatever is asked in whatever
/// order, the answers and what is stored are those of the model in some order of the calls.
struct LifeModelTests {
  private static let isLong = ProcessInfo.processInfo.environment["ANJU_LONG"] == "1"
  private static var seeds: ClosedRange<UInt64> { 1...(Self.isLong ? 100 : 8) }
  private static let rounds = 60

  @Test(arguments: TestEngine.all)
  func `any interleaving of callers comes to what the rules say, never to two permits`(
    _ engine: TestEngine
  ) async throws {
    var seen = LifeSeen()
    for seed in Self.seeds {
      let clock = FakeClock()
      try await engine.withStore(clock) { store in
        var life = try await Life(seed: seed, clock, store)
        for round in 0..<Self.rounds {
          try await life.round("seed \(seed), round \(round)", &seen)
        }
      }
    }
    seen.expectAll()
  }
}

/// What has come up in all lives: a model test that never gets anywhere finds nothing.
struct LifeSeen {
  var states: Set<LifeModel.State> = []
  var done: Set<String> = []
  var refusals: Set<String> = []

  func expectAll() {
    #expect(self.states == Set(LifeModel.State.allCases))
    #expect(
      self.done == [
        "issue", "convert", "endorse", "move", "contact", "correct", "loss", "found", "cancel",
        "reinstate", "hold", "release", "apply", "endApplication",
      ])
    #expect(
      self.refusals == [
        "PERMIT_ALREADY_LIVE", "PERMIT_NOT_CONVERTIBLE", "PERMIT_WRONG_STATE", "PERMIT_HELD",
        "PERMIT_MUST_CONVERT", "ENDORSEMENT_TOO_EARLY", "ENDORSEMENT_ALREADY_PENDING",
        "HOLD_UNKNOWN",
      ])
  }
}

/// A registry, and what its one person's permits come to by the model.
private struct Life {
  let registry: RegistryFixture
  var model = LifeModel()
  var identifiers: [Int: String] = [:]
  var random: SeededRandom
  var today: CivilDate
  var calls = 0

  init(seed: UInt64, _ clock: FakeClock, _ store: any Store) async throws {
    self.registry = try await RegistryFixture(clock: clock, over: store)
    self.random = SeededRandom(seed: seed)
    self.today = try #require(CivilDate(iso: "2026-03-10"))
  }

  /// Some days later, up to three callers ask at once, and one of them perhaps twice.
  mutating func round(_ place: String, _ seen: inout LifeSeen) async throws {
    let days = [0, 0, 0, 1, 9, 29, 31, 120, 340].randomElement(using: &self.random) ?? 0
    self.today = self.today.adding(days: days)
    self.registry.clock.set(self.today.startOfDay.adding(milliseconds: 12 * 3_600_000))
    let calls = self.draw()
    let hadLive = self.model.live != nil
    let (answers, live) = try await self.ask(calls)
    #expect((live.max() ?? 0) <= 1, "\(place): more than one permit lives")
    if hadLive, !calls.contains(where: { $0.step.name == "cancel" }) {
      #expect(live.min() == 1, "\(place): no permit lives in between")
    }
    self.expectOneAnswer(answers, place)
    for answer in answers {
      guard let permit = answer.permit else { continue }
      self.note(permit, calls.first { $0.id == answer.id }, &seen)
    }
    let stored = try await self.stored()
    guard let model = self.explanation(of: calls, answers, stored) else {
      let told = answers.map { "\($0.id): \($0.refusal ?? "done")" }
      Issue.record("\(place): no order of \(calls) explains \(told) and \(stored)")
      throw ServiceError(.requestInvalid)
    }
    self.model = model
    seen.refusals.formUnion(answers.compactMap(\.refusal))
    seen.states.formUnion(model.papers.values.map { $0.state(on: self.today) })
  }

  private mutating func draw() -> [LifeCall] {
    var calls: [LifeCall] = []
    for _ in 0..<Int.random(in: 1...3, using: &self.random) {
      self.calls += 1
      calls.append(
        LifeCall(
          id: self.calls, step: .draw(over: self.model, on: self.today, &self.random)))
    }
    if Int.random(in: 0..<4, using: &self.random) == 0, let again = calls.first {
      calls.append(again)
    }
    return calls
  }

  /// All answers, and how many permits lived at instants in between. The timer runs beside.
  private func ask(_ calls: [LifeCall]) async throws -> (answers: [LifeAnswer], live: [Int]) {
    let asking = LifeCalls(
      registry: self.registry, today: self.today, identifiers: self.identifiers)
    let registry = self.registry
    async let live = Self.watch(registry)
    async let noted = registry.assembly.noteSuspensions()
    let answers = try await withThrowingTaskGroup(of: LifeAnswer.self) { group in
      for call in calls { group.addTask { try await asking.ask(call) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    _ = try await noted
    return (answers, try await live)
  }

  private static func watch(_ registry: RegistryFixture) async throws -> [Int] {
    var counts: [Int] = []
    for _ in 0..<6 {
      let row = try await registry.store.read {
        try $0.row("SELECT COUNT(*) AS n FROM permit WHERE cancelled_at IS NULL")?.int("n")
      }
      counts.append(row ?? 0)
    }
    return counts
  }

  /// Whoever repeats a call that was done is answered the same.
  private func expectOneAnswer(_ answers: [LifeAnswer], _ place: String) {
    for (id, permits) in Dictionary(grouping: answers, by: \.id) {
      let documents = Set(permits.compactMap(\.permit).map(\.document))
      #expect(documents.count <= 1, "\(place): two answers of call \(id)")
    }
  }

  private mutating func note(
    _ permit: RegistryV1.Permit, _ call: LifeCall?, _ seen: inout LifeSeen
  ) {
    guard let call else { return }
    seen.done.insert(call.step.name)
    switch call.step {
    case .issue, .convert: self.identifiers[call.id] = permit.certificateIdentifier
    case .change: break
    }
  }

  /// The permits as the registry shows them.
  private func stored() async throws -> [Int: LifeView] {
    var views: [Int: LifeView] = [:]
    for (id, identifier) in self.identifiers {
      let permit = try await self.registry.client.getPermit(
        .init(certificateIdentifier: identifier), options: .auditor
      ).permit
      views[id] = permit.map(LifeView.init)
    }
    return views
  }

  /// The model after an order of the calls in which they come to the answers and to what is stored.
  private func explanation(
    of calls: [LifeCall], _ answers: [LifeAnswer], _ stored: [Int: LifeView]
  ) -> LifeModel? {
    let heard = answers.map { Heard(id: $0.id, refusal: $0.refusal) }
    for order in Self.orders(of: calls) {
      var model = self.model
      let told = order.map { call in
        Heard(id: call.id, refusal: model.take(call.step, as: call.id, on: self.today))
      }
      guard Self.counts(told) == Self.counts(heard) else { continue }
      if model.papers.mapValues({ LifeView($0, on: self.today) }) == stored { return model }
    }
    return nil
  }

  private struct Heard: Hashable {
    let id: Int
    let refusal: String?
  }

  private static func counts(_ heard: [Heard]) -> [Heard: Int] {
    heard.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  private static func orders(of calls: [LifeCall]) -> [[LifeCall]] {
    guard calls.count > 1 else { return [calls] }
    return calls.indices.flatMap { index in
      var rest = calls
      let first = rest.remove(at: index)
      return Self.orders(of: rest).map { [first] + $0 }
    }
  }
}

/// What of a permit both the model and the registry show.
private struct LifeView: Hashable {
  let state: LifeModel.State?
  let unit: String
  let anchorOn: String
  let validToOn: String
  let suspendedDays: Int
  let pending: String
  let holds: Set<String>

  init(_ paper: LifeModel.Paper, on today: CivilDate) {
    self.state = paper.state(on: today)
    self.unit = paper.unit.bureau
    self.anchorOn = paper.anchor.iso
    self.validToOn = paper.validTo.iso
    self.suspendedDays = paper.suspendedDays
    self.pending = paper.pending?.id ?? ""
    self.holds = paper.holds
  }

  init(_ permit: RegistryV1.Permit) {
    let states: [RegistryV1.PermitState: LifeModel.State] = [
      .valid: .valid, .endorsementWindow: .inWindow, .suspended: .suspended, .lost: .lost,
      .cancelled: .cancelled,
    ]
    self.state = states[permit.state]
    self.unit = permit.bureauCode
    self.anchorOn = permit.anchorOn
    self.validToOn = permit.validToOn
    self.suspendedDays = Int(permit.suspendedDays)
    self.pending = permit.endorsementApplicationID
    self.holds = Set(permit.holdNumbers)
  }
}
