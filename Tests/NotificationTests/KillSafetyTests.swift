import Crypto
import TestSupport
import StorageSQLite
import Storage
import Wire
import DomainModel
import Foundation
import NotificationGateways
import Testing

@testable import NotificationCore

/// A process may be killed after any step; the store is opened again by a new owner, as after a
/// restart. What was enqueued is delivered.
struct KillSafetyTests {
  private enum Step: CaseIterable {
    case enqueued, claimed, sent, settled
  }

  private static func withFolder(_ body: (URL) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("anju-queue-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await body(folder)
  }

  @Test(arguments: Step.allCases.indices)
  private func `a message survives a crash after each step`(_ index: Int) async throws {
    let last = Step.allCases[index]
    try await Self.withFolder { folder in
      let path = folder.appendingPathComponent("queue.db").path
      let before = ScriptedGateway()
      let id = try await Self.run(until: last, at: path, before)
      let gateway = ScriptedGateway()
      let queue = try await NotificationFixture(at: path, gateway: gateway)
      // Nothing but its lease, which the dead owner held, may keep the message back.
      queue.clock.advance(milliseconds: DeliverySettings().leaseMs)
      let tried = try await queue.assembly.deliverOnce()
      #expect(tried == (last == .settled ? 0 : 1))
      #expect(try await queue.message(id)?.state == .delivered)
      #expect(Set((before.handed + gateway.handed).map(\.messageID)) == [id])
      let tries = try await queue.tries(id)
      #expect(
        tries == (last == .claimed || last == .sent ? ["unknown", "delivered"] : ["delivered"]))
      await queue.store.close()
    }
  }

  private static func run(
    until last: Step, at path: String, _ gateway: ScriptedGateway
  ) async throws -> String {
    let queue = try await NotificationFixture(at: path, gateway: gateway)
    let store = try queue.notifications()
    let id = try await queue.enqueue()
    if last != .enqueued {
      let claimed = try #require(try await queue.claim(by: "owner-1").first)
      #expect(claimed.id.text == id)
      if last != .claimed {
        let text = try store.text.openText(claimed.sealedText, row: id)
        let report = await gateway.send(
          OutgoingMessage(
            messageID: id, phone: try store.openPhone(claimed.sealedPhone, of: claimed.id),
            text: text, segments: SMSText.segments(of: text)))
        if last == .settled {
          let state = try await store.settle(
            claimed, TryReport(report), RetrySchedule(), jitter: 0)
          #expect(state == .delivered)
        }
      }
    }
    await queue.store.close()
    return id
  }

  @Test func `an owner that stalled beyond its lease marks nothing`() async throws {
    let queue = try await NotificationFixture()
    let store = try queue.notifications()
    let id = try await queue.enqueue()
    let stalled = try #require(
      try await queue.claim(by: "owner-1", limit: 1, leaseMs: 1_000).first)
    queue.clock.advance(milliseconds: 1_000)
    let next = try #require(
      try await queue.claim(by: "owner-2", limit: 1, leaseMs: 1_000).first)
    #expect(next.fence > stalled.fence)
    let refused = TryReport(
      gateway: "scripted", answer: .refused(code: "BUSY", isForGood: true), providerIDs: [],
      repeats: 0)
    _ = try await store.settle(stalled, refused, RetrySchedule(), jitter: 0)
    #expect(try await queue.message(id)?.state == .queued)
    #expect(try await queue.message(id)?.possibleDuplicates == 1)
  }

  @Test func `what a killed owner had claimed is taken over at once`() async throws {
    let queue = try await NotificationFixture()
    let store = try queue.notifications()
    _ = try await queue.enqueue()
    _ = try await queue.claim(by: "owner-1", limit: 1, leaseMs: 60_000)
    #expect(try await queue.assembly.deliverOnce() == 0)
    try await store.takeOver(owner: "owner-2")
    #expect(try await queue.assembly.deliverOnce() == 1)
  }

  @Test func `with the file gateway a crash after sending leaves one line`() async throws {
    try await Self.withFolder { folder in
      let path = folder.appendingPathComponent("sms.jsonl").path
      let message = OutgoingMessage.sample("01J0000000000000000000000A")
      let first = try FileGateway.make(path)
      let once = await first.send(message)
      let again = await first.send(message)
      #expect(once.providerIDs == again.providerIDs)
      #expect(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").count == 1)
    }
  }
}
