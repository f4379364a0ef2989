import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct SubmitBatchTests {
  static let batchID = "batch-2026-03-05-a"

  /// The answers to rows, written one after the other while the answers are read.
  static func submit(
    _ world: World, _ rows: [IntakeV1.BatchRow], as batch: String = Self.batchID,
    by caller: Caller = World.integrator
  ) async throws -> [IntakeV1.BatchRowResult] {
    try await world.intake.submitBatch(options: world.options(caller)) { writer, answers in
      try await withThrowingTaskGroup(of: [IntakeV1.BatchRowResult].self) { group in
        group.addTask {
          try await writer.write(.init(part: .header(.init(batchID: batch))))
          for row in rows { try await writer.write(.init(part: .row(row))) }
          await writer.finish()
          return []
        }
        group.addTask {
          var results: [IntakeV1.BatchRowResult] = []
          for try await answer in answers { results.append(try #require(answer.result)) }
          return results
        }
        return try await group.reduce(into: []) { $0 += $1 }
      }
    }
  }

  static func lead(
    _ key: String, number: String = adultNumber, name: String = "王小明"
  ) -> IntakeV1.BatchRow {
    IntakeV1.BatchRow(
      rowKey: key,
      content: .lead(
        .init(
          source: .employer, reportedBy: "杭州某某科技有限公司", citizenID: number, name: name,
          phone: "13812345678",
          residence: ModelV1.Address(
            divisionCode: "330106", street: "北山街道", detail: "保俶路1号301室"),
          sinceOn: "2026-01-01")))
  }

  /// A different person for each number.
  static func person(_ number: Int) -> String {
    citizenNumber(
      born: "19\(60 + number / 900 % 40)-0\(1 + number / 90 % 9)-\(10 + number % 18)",
      sequence: 1 + number % 999)
  }

  static func texts(_ world: World) throws -> [NotificationV1.EnqueueMessageRequest] {
    try world.notification.requests(
      to: NotificationV1.NotificationServiceMethods.enqueueMessage)
  }

  @Test func `rows are answered in their order, each by itself`() async throws {
    let world = try await World()
    var broken = Self.lead("row-2")
    broken.content = .lead(.init(citizenID: "1", phone: "2"))
    let rows =
      [Self.lead("row-1"), broken, IntakeV1.BatchRow(rowKey: "row-3")]
      + (4..<60).map { Self.lead("row-\($0)", number: Self.person($0)) }
    let results = try await Self.submit(world, rows)
    #expect(results.map(\.rowKey) == rows.map(\.rowKey))
    #expect(results[0].outcome == .kept && results[0].reminded && !results[0].leadID.isEmpty)
    #expect(results[1].outcome == .refused && results[1].refusal?.reason == "REQUEST_INVALID")
    let told = Set((results[1].refusal?.violations ?? []).map(\.field))
    #expect(
      told.isSuperset(of: [
        "lead.source", "lead.reported_by", "lead.citizen_id", "lead.name", "lead.phone",
        "lead.residence.division_code",
      ]))
    #expect(results[2].refusal?.violations.map(\.field) == ["content"])
    #expect(results[3...].allSatisfy { $0.outcome == .kept })
  }

  @Test func `a batch that begins again gets the same answers and does nothing twice`()
    async throws
  {
    let world = try await World()
    let rows = (0..<50).map { Self.lead("row-\($0)", number: Self.person($0)) }
    let first = try await Self.submit(world, Array(rows[..<20]))
    let second = try await Self.submit(world, Array(rows[..<35]))
    let all = try await Self.submit(world, rows)
    #expect(Array(second[..<20]) == first && Array(all[..<35]) == second)
    #expect(Set(all.map(\.leadID)).count == 50)
    #expect(try await Self.count(world, "lead") == 50)
    try await world.deliver()
    #expect(try Self.texts(world).count == 50)
  }

  @Test func `a refusal stays the answer, and what is mended comes under another key`()
    async throws
  {
    let world = try await World()
    let wrong = Self.lead("row-1", number: "110105194912310021")
    let refused = try await Self.submit(world, [wrong])
    #expect(refused.map(\.outcome) == [.refused])
    #expect(try await Self.submit(world, [wrong]) == refused)
    let reused = try await Self.submit(world, [Self.lead("row-1")])
    #expect(reused.first?.refusal?.reason == "IDEMPOTENCY_KEY_REUSED")
    let mended = try await Self.submit(world, [Self.lead("row-1b")])
    #expect(mended.map(\.outcome) == [.kept])
    // Another batch, or another caller, is another deed.
    let other = Caller(kind: .integrator, id: "anotherapp")
    #expect(try await Self.submit(world, [wrong], by: other) == refused)
    #expect(
      try await Self.submit(world, [Self.lead("row-1")], as: "batch-2026-03-05-b")
        .map(\.outcome) == [.kept])
  }

  @Test func `a person is reminded once in thirty days, by a text that names nobody`()
    async throws
  {
    let world = try await World()
    let first = try await Self.submit(world, [Self.lead("a"), Self.lead("b")])
    #expect(first.filter(\.reminded).count == 1)
    world.clock.advance(milliseconds: Int64(Lead.reminderDays) * 86_400_000 + 1)
    let later = try await Self.submit(world, [Self.lead("c")])
    #expect(later.map(\.reminded) == [true])
    try await world.deliver()
    let texts = try Self.texts(world)
    #expect(texts.map(\.templateID) == ["registration_reminder", "registration_reminder"])
    let said = texts.flatMap(\.values).map(\.value)
    #expect(Set(said) == ["王*", "用人单位"])
  }

  @Test func `leads go by themselves after their time`() async throws {
    let world = try await World()
    _ = try await Self.submit(world, [Self.lead("a")])
    world.clock.advance(milliseconds: 86_400_000)
    _ = try await Self.submit(world, [Self.lead("b", number: Self.person(1))])
    let store = IntakeStore(
      world.store, sealer: world.seals.sealer, index: world.seals.blindIndex,
      formats: IntakeStore.Formats(readForm: { _ in FormInput() }, record: { _ in [] }),
      officesBelow: { [$0] })
    let limit = world.clock.now().adding(milliseconds: -1)
    #expect(try await store.expireLeads(reportedBefore: limit) == 1)
    #expect(try await Self.count(world, "lead") == 1)
    #expect(try await store.expireLeads(reportedBefore: limit) == 0)
  }

  @Test func `a store that is away ends the stream, and the batch goes on later`() async throws {
    let world = try await World()
    world.store.failNextWrite(with: .unavailable("away"))
    let error = try await refusal { _ = try await Self.submit(world, [Self.lead("a")]) }
    #expect(error.retry == .soon)
    #expect(try await Self.submit(world, [Self.lead("a")]).map(\.outcome) == [.kept])
  }

  @Test func `who waits for an answer before the next row is not kept waiting`() async throws {
    let world = try await World()
    let keys = try await world.intake.submitBatch(options: world.options(World.integrator)) {
      writer, answers in
      var answers = answers.makeAsyncIterator()
      try await writer.write(.init(part: .header(.init(batchID: Self.batchID))))
      var keys: [String] = []
      for number in 0..<3 {
        let row = Self.lead("row-\(number)", number: Self.person(number))
        try await writer.write(.init(part: .row(row)))
        keys.append(try #require(try await answers.next()?.result?.rowKey))
      }
      await writer.finish()
      return keys
    }
    #expect(keys == ["row-0", "row-1", "row-2"])
  }

  @Test func `a stream without its header, or with a bad one, is refused`() async throws {
    let world = try await World()
    let bare = try await refusal { _ = try await Self.submit(world, [], as: "short") }
    #expect(bare.told == ["header.batch_id NUMBER_OUT_OF_RANGE"])
    let headless = try await refusal {
      try await world.intake.submitBatch(options: world.options(World.integrator)) {
        writer, answers in
        try await writer.write(.init(part: .row(Self.lead("a"))))
        await writer.finish()
        for try await _ in answers {}
      }
    }
    #expect(headless.told == ["header FIELD_MISSING"])
    let keyless = try await Self.submit(world, [Self.lead("")])
    #expect(keyless.first?.refusal?.violations.map(\.field) == ["row_key"])
  }

  static func count(_ world: World, _ table: String) async throws -> Int {
    try await world.store.read { snapshot in
      try snapshot.row(SQL(stringLiteral: "SELECT COUNT(*) AS n FROM \(table)"))?.int("n") ?? 0
    }
  }
}
