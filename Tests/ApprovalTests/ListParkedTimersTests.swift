import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct ListParkedTimersTests {
  @Test func `what failed less often is not listed, and pages go by id`() async throws {
    let desk = try await Desk()
    var ids: [String] = []
    for number in 1...3 {
      ids.append(try await desk.open("application-\(number)"))
      try await desk.setPolicy(of: ids[number - 1], to: "zhejiang-lost")
    }
    desk.clock.set(nineOClock("2026-03-12"))
    for round in 1...CaseTimers.failuresMax {
      _ = try await desk.assembly.fireTimers()
      let listed = try await desk.client.listParkedTimers(.init(), options: .auditor).timers
      #expect(listed.count == (round < CaseTimers.failuresMax ? 0 : 3))
      desk.clock.advance(milliseconds: CaseTimers.retryMaxMs)
    }
    let first = try await desk.client.listParkedTimers(
      .init(page: .init(size: 2)), options: .auditor)
    let second = try await desk.client.listParkedTimers(
      .init(page: .init(size: 2, token: first.nextPageToken)), options: .auditor)
    #expect((first.timers + second.timers).map(\.caseID) == ids.sorted())
    #expect(second.nextPageToken.isEmpty)
    #expect(first.timers.allSatisfy { $0.dueAtMs > 0 && $0.retryAtMs > $0.dueAtMs })
    // One that is over waits for nobody.
    try await desk.setPolicy(of: ids[0], to: "zhejiang-1")
    let withdrawal = ApprovalV1.WithdrawCaseRequest(
      idempotencyKey: desk.key(), applicationID: "application-1",
      withdrawnAtMs: desk.clock.now().milliseconds)
    _ = try await desk.client.withdrawCase(withdrawal, options: .intake)
    let left = try await desk.client.listParkedTimers(.init(), options: .auditor).timers
    #expect(left.map(\.caseID) == ids.dropFirst().sorted())
  }
}
