import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ListWorkTests {
  /// Five cases: three to accept, submitted on three days; one to review; one that waits for the
  /// applicant.
  private static func busy() async throws -> (Desk, [String]) {
    let desk = try await Desk()
    var ids: [String] = []
    for day in ["2026-03-12", "2026-03-10", "2026-03-11", "2026-03-10", "2026-03-10"] {
      desk.clock.set(nineOClock(day))
      ids.append(try await desk.open("application-\(ids.count)"))
    }
    desk.clock.set(nineOClock("2026-03-12"))
    try await desk.sign(ids[3], .accept)
    try await desk.sign(ids[4], .accept, .supplement, ["PHOTO_UNFIT"])
    return (desk, ids)
  }

  private static func list(
    _ desk: Desk, _ request: ApprovalV1.ListWorkRequest, _ options: CallOptions
  ) async throws -> [String] {
    try await desk.client.listWork(request, options: options).items.map(\.caseID)
  }

  private static let station = CallOptions.by(Police.right(for: .accept))
  private static let bureau = CallOptions.by(Police.right(for: .approve))

  @Test func `an office sees its work, earliest due first and the waiting last`() async throws {
    let (desk, ids) = try await Self.busy()
    let all = try await desk.client.listWork(.init(), options: Self.station).items
    #expect(all.map(\.caseID) == [3, 1, 2, 0, 4].map { ids[$0] })
    #expect(all.map(\.dueAtMs).sorted() == [0] + all.map(\.dueAtMs).dropLast())
    #expect(all.last?.state == .awaitingSupplement)
    #expect(try await Self.list(desk, .init(), Self.bureau) == all.map(\.caseID))
    #expect(
      try await Self.list(desk, .init(stage: .accept), Self.station) == [1, 2, 0].map { ids[$0] })
    #expect(try await Self.list(desk, .init(stage: .review), Self.station) == [ids[3]])
    #expect(try await Self.list(desk, .init(stage: .approve), Self.station).isEmpty)
    #expect(try await Self.list(desk, .init(stage: .accept), Self.bureau).isEmpty)
    try await desk.sign(ids[3], .review)
    #expect(try await Self.list(desk, .init(stage: .approve), Self.bureau) == [ids[3]])
    let elsewhere = CallOptions.by(Officer(id: "p", office: Police.elsewhere, role: "accept"))
    #expect(try await Self.list(desk, .init(), elsewhere).isEmpty)
  }

  @Test func `what is late is marked`() async throws {
    let (desk, ids) = try await Self.busy()
    desk.clock.set(nineOClock("2026-03-18"))
    let items = try await desk.client.listWork(.init(), options: Self.station).items
    let late = items.filter(\.overdue).map(\.caseID)
    #expect(late == [ids[3], ids[1]])
  }

  @Test(arguments: [1, 2, 3, 5, 100])
  func `pages together are the list, each case once`(_ size: Int32) async throws {
    let (desk, _) = try await Self.busy()
    for options in [Self.station, .auditor] {
      let whole = try await Self.list(desk, .init(), options)
      var paged: [String] = []
      var token = ""
      for _ in 0..<whole.count {
        let page = ModelV1.Page(size: size, token: token)
        let answer = try await desk.client.listWork(.init(page: page), options: options)
        #expect(answer.items.count <= Int(size))
        paged += answer.items.map(\.caseID)
        token = answer.nextPageToken
        if token.isEmpty { break }
      }
      #expect(paged == whole)
    }
  }

  @Test func `an auditor sees every case by id, closed ones if asked`() async throws {
    let (desk, ids) = try await Self.busy()
    try await desk.sign(ids[1], .accept, .refuse, ["OFFICE_NOT_COMPETENT"])
    let open = try await Self.list(desk, .init(), .auditor)
    #expect(open == ids.filter { $0 != ids[1] }.sorted())
    let all = try await Self.list(desk, .init(includeClosed: true), .auditor)
    #expect(all == ids.sorted())
    let reviewed = try await Self.list(desk, .init(stage: .review), .auditor)
    #expect(reviewed == [ids[3]])
  }

  @Test func `a completed case names its certificate`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    try await desk.deliver()
    let items = try await desk.client.listWork(.init(includeClosed: true), options: .auditor).items
    #expect(items.map(\.certificateIdentifier) == [FakeRegistry.identifier])
    #expect(items.map(\.dueAtMs) == [0])
    #expect(items.map(\.overdue) == [false])
  }

  @Test func `what is not a page or not allowed is refused`() async throws {
    let desk = try await Desk()
    for page in [
      ModelV1.Page(size: 501), ModelV1.Page(size: -1), ModelV1.Page(token: "no place"),
      ModelV1.Page(token: String(repeating: "9", count: 129)),
    ] {
      let error = await refusal {
        try await desk.client.listWork(.init(page: page), options: Self.station)
      }
      #expect(error.reason == "PAGE_INVALID")
    }
    let closed = await refusal {
      try await desk.client.listWork(.init(includeClosed: true), options: Self.station)
    }
    #expect(closed.reason == "CALLER_NOT_ALLOWED")
    let stage = await refusal {
      try await desk.client.listWork(.init(stage: .unrecognized(9)), options: Self.station)
    }
    #expect(stage.violations.map(\.field) == ["stage"])
  }

  @Test func `filters narrow an office's list, alone and together`() async throws {
    let (desk, ids) = try await Self.busy()
    let one = Desk.officer(.accept, "one")
    try await desk.claim(ids[0], by: one)
    try await desk.assign(ids[1], to: "one")
    try await desk.claim(ids[2], by: Desk.officer(.accept, "two"))
    try await desk.expedite(ids[2])
    let rows: [(ApprovalV1.WorkFilter, [Int])] = [
      (.init(mine: true), [1, 0]), (.init(unclaimed: true), [3, 4]), (.init(green: true), [2]),
      (.init(kinds: [.firstPermit]), [2, 3, 1, 0, 4]), (.init(kinds: [.endorsement]), []),
      (.init(channels: [.app, .window]), [2, 3, 1, 0, 4]), (.init(channels: [.web]), []),
      (.init(states: [.awaitingReview, .awaitingSupplement]), [3, 4]),
      (.init(dueBeforeMs: nineOClock("2026-03-15").milliseconds), [2]),
      (.init(dueBeforeMs: nineOClock("2026-03-17").milliseconds), [2, 3]),
      (.init(overdue: true), []), (.init(mine: true, green: true), []),
    ]
    for (filter, found) in rows {
      let items = try await desk.work(one, filter)
      #expect(items.map(\.caseID) == found.map { ids[$0] }, "\(filter)")
    }
    desk.clock.set(nineOClock("2026-03-18"))
    let late = try await desk.work(one, .init(overdue: true))
    #expect(late.map(\.caseID) == [2, 3, 1].map { ids[$0] })
    // Claims are over by then.
    #expect(try await desk.work(one, .init(mine: true)).map(\.caseID) == [ids[1]])
  }

  @Test(arguments: [1, 2, 3, 100])
  func `pages of a narrowed list are the list`(_ size: Int32) async throws {
    let (desk, ids) = try await Self.busy()
    let filter = ApprovalV1.WorkFilter(states: [.awaitingAcceptance])
    var (paged, token) = ([String](), "")
    repeat {
      let request = ApprovalV1.ListWorkRequest(
        page: ModelV1.Page(size: size, token: token), filter: filter)
      let answer = try await desk.client.listWork(request, options: Self.station)
      paged += answer.items.map(\.caseID)
      token = answer.nextPageToken
    } while !token.isEmpty
    #expect(paged == [1, 2, 0].map { ids[$0] })
  }

  /// Beyond what one page looks at the next one goes on, though the first has found nothing.
  @Test func `a filter that finds little looks at a bounded number of lines`() async throws {
    let (desk, ids) = try await Self.busy()
    let store = desk.store
    let many = ApprovalStore.linesLookedAtMax + 10
    try await store.write { transaction in
      for number in 0..<many {
        try transaction.execute(
          """
          INSERT INTO approval_case (case_id, application_id, application_number, kind, channel,
            policy_version, office_code, bureau_code, submitted_at, failed_rules, state, version,
            round, progress, acceptance_on, acceptance_provisional, promise_provisional,
            statute_provisional, is_closed, work_office, work_stage, due_at)
          SELECT \("C\(1_000_000 + number)"), \("a-\(number)"), 'n', 'endorsement', channel,
            policy_version, office_code, bureau_code, submitted_at, failed_rules, state, version,
            round, progress, acceptance_on, acceptance_provisional, promise_provisional,
            statute_provisional, is_closed, work_office, work_stage, due_at - 1000000
          FROM approval_case WHERE case_id = \(ids[1])
          """)
      }
    }
    let filter = ApprovalV1.WorkFilter(kinds: [.firstPermit])
    var (pages, found, token) = (0, [String](), "")
    repeat {
      let request = ApprovalV1.ListWorkRequest(
        stage: .accept, page: ModelV1.Page(token: token), filter: filter)
      let answer = try await desk.client.listWork(request, options: Self.station)
      found += answer.items.map(\.caseID)
      token = answer.nextPageToken
      pages += 1
    } while !token.isEmpty
    #expect(found == [1, 2, 0].map { ids[$0] })
    #expect(pages == 2)
  }

  @Test func `a filter that is none, or an auditor's, is refused`() async throws {
    let desk = try await Desk()
    let bad = ApprovalV1.WorkFilter(
      kinds: [.unrecognized(99)], states: Array(repeating: .approved, count: 21),
      channels: [.unspecified], dueBeforeMs: -1)
    let error = await refusal { try await desk.work(Police.right(for: .accept), bad) }
    #expect(
      error.violations.map(\.field) == [
        "filter.kinds", "filter.states", "filter.channels", "filter.due_before_ms",
      ])
    let auditor = await refusal {
      try await desk.client.listWork(.init(filter: .init(green: true)), options: .auditor)
    }
    #expect(auditor.reason == "CALLER_NOT_ALLOWED")
  }
}
