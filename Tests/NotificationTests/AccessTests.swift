import RPC
import TestSupport
import Testing
import Wire

@testable import NotificationCore

/// Who gets past the access table, of every kind of caller and every service.
struct AccessTests {
  private typealias Methods = NotificationV1.NotificationServiceMethods

  static let rows: [(method: Method, allowed: Set<String>)] = [
    (Methods.enqueueMessage, ["service:intake", "service:registry"]),
    (Methods.scheduleMessages, ["service:intake", "service:registry"]),
    (Methods.getMessage, ["auditor:one"]),
    (Methods.listMessages, ["auditor:one"]),
    (Methods.listDeadLetters, ["auditor:one"]),
    (Methods.replayDeadLetters, ["auditor:one"]),
    (Methods.enqueueBatch, ["service:intake", "service:registry"]),
    (Methods.cancelMessage, ["service:intake", "service:registry"]),
    (Methods.watchMessages, ["auditor:one"]),
    (Methods.sendPhoneCode, ["applicant:one"]),
    (Methods.provePhone, ["applicant:one"]),
    (Methods.setPreferences, ["applicant:one"]),
    (Methods.getPreferences, ["applicant:one"]),
    (Methods.pauseQueue, ["auditor:one"]),
    (Methods.resumeQueue, ["auditor:one"]),
    (Methods.getQueueStatistics, ["auditor:one"]),
  ]

  @Test func `every method has its row`() {
    #expect(Set(Self.rows.map(\.method)) == Set(Methods.all))
  }

  @Test(arguments: Self.rows)
  func `nobody else gets in`(_ method: Method, _ allowed: Set<String>) async throws {
    let queue = try await NotificationFixture()
    #expect(await AccessWalk.allowed(to: method, through: queue.channel) == allowed)
  }
}
