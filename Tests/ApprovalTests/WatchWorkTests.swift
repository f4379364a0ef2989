import DomainModel
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct WatchWorkTests {
  private static let station = CallOptions.by(Police.right(for: .accept))
  private static let bureau = CallOptions.by(Police.right(for: .approve))

  /// What a watcher is told until it has heard of `count` changes, from a token on.
  private static func told(
    _ desk: Desk, _ count: Int, after token: String = "", by options: CallOptions,
    office: String = ""
  ) async throws -> (changes: [ApprovalV1.WorkChange], token: String) {
    let request = ApprovalV1.WatchWorkRequest(officeCode: office, resumeToken: token)
    return try await desk.client.watchWork(request, options: options) { stream in
      var (changes, last) = ([ApprovalV1.WorkChange](), token)
      for try await answer in stream {
        changes += answer.changes
        last = answer.resumeToken
        if changes.count >= count { break }
      }
      return (changes, last)
    }
  }

  @Test func `each office hears what comes, changes and leaves`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let claim = try await desk.claim(id, by: Police.right(for: .accept))
    try await desk.release(id, claim.claimNumber, by: Police.right(for: .accept))
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    try await desk.deliver()
    #expect(try await desk.assembly.sequenceOnce() == 6)
    let (there, token) = try await Self.told(desk, 5, by: Self.station)
    #expect(there.map(\.move) == [.arrived, .changed, .changed, .changed, .left])
    #expect(
      there.map(\.state) == [
        .awaitingAcceptance, .awaitingAcceptance, .awaitingAcceptance, .awaitingReview,
        .awaitingApproval,
      ])
    #expect(there.allSatisfy { $0.item?.caseID == id && $0.item?.state == .completed })
    let (above, _) = try await Self.told(desk, 2, by: Self.bureau)
    #expect(above.map(\.move) == [.arrived, .left])
    #expect(try await Self.told(desk, 0, after: token, by: Self.station).changes.isEmpty)
    // A bureau follows a station below it, an auditor every office.
    for options in [Self.bureau, .auditor] {
      let (same, _) = try await Self.told(desk, 5, by: options, office: Police.station)
      #expect(same == there)
    }
  }

  @Test func `whoever goes on from a token misses nothing and hears nothing twice`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    try await desk.assembly.sequenceOnce()
    let (first, token) = try await Self.told(desk, 1, by: Self.station)
    try await desk.claim(id, by: Police.right(for: .accept))
    try await desk.open("application-2")
    try await desk.assembly.sequenceOnce()
    let (rest, _) = try await Self.told(desk, 2, after: token, by: Self.station)
    #expect(first.map(\.move) == [.arrived] && rest.map(\.move).count == 2)
    let claimed = rest.first { $0.item?.caseID == id }
    #expect(claimed?.move == .changed && claimed?.item?.desk?.heldBy == "police-accept")
    let (all, _) = try await Self.told(desk, 3, by: Self.station)
    #expect(all.map(\.state).count == 3)
  }

  @Test func `a watcher that waits hears of a change when it comes`() async throws {
    let desk = try await Desk()
    let moves = try await desk.client.watchWork(.init(), options: Self.station) { stream in
      var answers = stream.makeAsyncIterator()
      let first = try #require(try await answers.next())
      #expect(first.changes.isEmpty && first.resumeToken.isEmpty)
      _ = try await desk.open()
      try await desk.assembly.sequenceOnce()
      return try await answers.next()?.changes.map(\.move)
    }
    #expect(moves == [.arrived])
  }

  @Test func `another office is not watched, and its token is none`() async throws {
    let desk = try await Desk()
    try await desk.open()
    try await desk.assembly.sequenceOnce()
    let (_, token) = try await Self.told(desk, 1, by: Self.station)
    let elsewhere = CallOptions.by(Officer(id: "p", office: Police.elsewhere, role: "accept"))
    for (options, request, reason) in [
      (elsewhere, ApprovalV1.WatchWorkRequest(officeCode: Police.station), "OFFICER_WRONG_OFFICE"),
      (elsewhere, .init(resumeToken: token), "RESUME_TOKEN_UNKNOWN"),
      (Self.station, .init(resumeToken: "no place"), "RESUME_TOKEN_UNKNOWN"),
      (.auditor, .init(), "REQUEST_INVALID"),
    ] {
      let error = await refusal {
        try await desk.client.watchWork(request, options: options) { stream in
          for try await _ in stream {}
        }
      }
      #expect(error.reason == reason)
    }
  }

  @Test func `the feed keeps a bounded number of changes, and whoever fell behind hears so`()
    async throws
  {
    let desk = try await Desk()
    let store = ApprovalStore(desk.store, sealer: PlainSealer()) { _ in [] }
    for number in 0..<3 { try await desk.open("application-\(number)") }
    #expect(try await store.sequenceWork(limit: 10, kept: 4) == 3)
    let (old, token) = try await Self.told(desk, 1, by: Self.station)
    #expect(old.count == 3)
    for number in 3..<8 { try await desk.open("application-\(number)") }
    #expect(try await store.sequenceWork(limit: 10, kept: 4) == 5)
    #expect(try await Self.told(desk, 4, by: Self.station).changes.count == 4)
    let error = await refusal {
      try await Self.told(desk, 1, after: token, by: Self.station)
    }
    #expect(error.reason == "RESUME_TOKEN_UNKNOWN")
  }

  /// On both engines, what is sequenced by several at once is met once and in each case's order.
  @Test(arguments: TestEngine.all)
  func `a reader who follows sees every change once`(_ engine: TestEngine) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let desk = try await Desk(over: store, clock: clock)
      let handlers = ApprovalStore(store, sealer: PlainSealer()) { _ in [] }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<4 {
          group.addTask {
            let officer = Desk.officer(.accept, "p\(number)")
            for case_ in 0..<5 {
              let id = try await desk.open("application-\(number)-\(case_)")
              let claim = try await desk.claim(id, by: officer)
              try await desk.release(id, claim.claimNumber, by: officer)
              _ = try await handlers.sequenceWork(limit: 7)
            }
          }
        }
        try await group.waitForAll()
      }
      while try await handlers.sequenceWork(limit: 7) > 0 {}
      var (seen, position) = ([WorkFeedChange](), Int64(0))
      while true {
        let page = try await handlers.workChanges(of: Police.station, after: position, limit: 9)
        guard let last = page.last else { break }
        seen += page
        position = last.place.position
      }
      #expect(seen.count == 60)
      #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.place.position < $1.place.position })
      for (_, ofCase) in Dictionary(grouping: seen, by: \.place.entity) {
        #expect(ofCase.map(\.place.version) == [1, 2, 3])
      }
    }
  }
}
