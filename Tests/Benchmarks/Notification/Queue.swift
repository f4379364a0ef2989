import Crypto
import DomainModel
import RPC
import Synchronization
import Transport
import Wire

/// A message queue under load, over several connections in turn. Every answer is looked at.
final class Queue: Sendable {
  private static let timeoutMs: Int64 = 30_000
  private static let dayMs: Int64 = 86_400_000

  private let channels: [GRPCClientChannel]
  private let options: CallOptions
  private let turn = Atomic<Int>(0)
  /// What no run before has used.
  private let run: String
  private let nowMs: Int64

  init(port: Int, token: String, connections: Int, nowMs: Int64) {
    self.channels = (0..<connections).map { _ in
      GRPCClientChannel(
        ClientConfiguration(host: "127.0.0.1", port: port, random: SecureRandom()))
    }
    self.options = CallOptions(
      timeoutMs: Self.timeoutMs, metadata: Metadata(["authorization": "Bearer \(token)"]),
      waitForReady: true)
    self.run = SecureRandom().bytes(8).map { String($0, radix: 16) }.joined()
    self.nowMs = nowMs
  }

  /// Queues so many reminders as one batch; they are on disk when this returns.
  func enqueue(batch number: Int, of size: Int) async throws {
    let messages = (0..<size).map { index in
      let message = number * size + index
      return NotificationV1.BatchMessage(
        messageKey: "bench-\(self.run)-\(message)", templateID: Self.template,
        values: Self.values, phone: Self.phone(message), reference: "bench-\(message)",
        notBeforeMs: self.notBeforeMs(message))
    }
    let answer = try await self.client.enqueueBatch(
      .init(idempotencyKey: "bench-batch-\(self.run)-\(number)", messages: messages),
      options: self.options)
    guard answer.results.count == size, answer.results.allSatisfy({ !$0.messageID.isEmpty }) else {
      throw WrongAnswer()
    }
  }

  /// Queues one reminder; it is on disk when this returns.
  func enqueue(_ number: Int) async throws {
    let answer = try await self.client.enqueueMessage(
      .init(
        idempotencyKey: "bench-one-\(self.run)-\(number)", templateID: Self.template,
        values: Self.values, phone: Self.phone(number), reference: "bench-\(number)",
        notBeforeMs: self.notBeforeMs(number)), options: self.options)
    guard !answer.messageID.isEmpty else { throw WrongAnswer() }
  }

  func close() async {
    for channel in self.channels { await channel.close() }
  }

  private static let template = "endorsement_open"
  private static let values = [
    NotificationV1.TemplateValue(name: "name", value: "张*"),
    NotificationV1.TemplateValue(name: "valid_to", value: "2027年3月10日"),
  ]

  /// Each message to a number of its own, in no order.
  private static func phone(_ number: Int) -> String {
    let mixed = (UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15) % 1_000_000_000
    let digits = String(mixed)
    return "13" + String(repeating: "0", count: 9 - digits.utf8.count) + digits
  }

  /// A day of the next year, in no order: nothing is sent while it is measured.
  private func notBeforeMs(_ number: Int) -> Int64 {
    self.nowMs + Self.dayMs * Int64(1 + (number &* 7_919) % 365)
  }

  private var client: NotificationV1.NotificationServiceClient {
    let turn = self.turn.add(1, ordering: .relaxed).oldValue
    return NotificationV1.NotificationServiceClient(self.channels[turn % self.channels.count])
  }
}

struct WrongAnswer: Error {}
