import DomainModel
import NotificationCore
import NotificationGateways
import RPC
import TestSupport
import Testing
import Wire

struct EnqueueMessageTests {
  typealias Request = NotificationV1.EnqueueMessageRequest

  @Test func `a message is queued as rendered`() async throws {
    let queue = try await NotificationFixture()
    let answer = try await queue.client.enqueueMessage(.sample(1), options: .registry)
    #expect(answer.segments == 2)
    let message = try #require(try await queue.message(answer.messageID))
    #expect(message.state == .queued)
    #expect(message.reference == "application-1")
    #expect(message.templateID == "permit_issued")
    #expect(message.templateVersion == "1")
    #expect(message.maskedPhone == "138****8000")
    #expect(message.segments == 2)
    #expect(message.attempts == 0)
    #expect(message.enqueuedAtMs == queue.clock.now().milliseconds)
    #expect(message.nextAttemptAtMs == queue.clock.now().milliseconds)
    #expect(message.text.hasPrefix("【"))
    #expect(message.text.contains("𬎆*"))
    #expect(message.text.contains("2027年3月10日"))
  }

  @Test func `a repeat gets the first answer, another text under the key is refused`() async throws
  {
    let queue = try await NotificationFixture()
    let first = try await queue.enqueue()
    #expect(try await queue.enqueue() == first)
    var other = Request.sample(1)
    other.phone = "13900139000"
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.enqueueMessage(other, options: .registry)
    }
    #expect(error?.reason == "IDEMPOTENCY_KEY_REUSED")
    #expect(try await queue.assembly.deliverOnce() == 1)
  }

  struct Defect: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let violations: Set<String>
    let change: @Sendable (inout Request) -> Void

    init(
      _ name: String, _ violations: Set<String>, change: @escaping @Sendable (inout Request) -> Void
    ) {
      self.testDescription = name
      self.violations = violations
      self.change = change
    }

    static let all = [
      Self("unknown template", ["template_id TEMPLATE_UNKNOWN"]) { $0.templateID = "hello" },
      Self("no template", ["template_id FIELD_MISSING"]) { $0.templateID = "" },
      Self(
        "no values",
        [
          "values.name TEMPLATE_VALUE_MISSING", "values.valid_to TEMPLATE_VALUE_MISSING",
        ]
      ) { $0.values = [] },
      Self("a value too many", ["values[2].name TEMPLATE_VALUE_UNKNOWN"]) {
        $0.values.append(NotificationV1.TemplateValue(name: "address", value: "x"))
      },
      Self("a value twice", ["values[2].name TEMPLATE_VALUE_REPEATED"]) {
        $0.values.append(NotificationV1.TemplateValue(name: "name", value: "王*"))
      },
      Self("a value of 201 characters", ["values[0].value TEXT_TOO_LONG"]) {
        $0.values[0].value = String(repeating: "长", count: 201)
      },
      Self("a value with a line break", ["values[0].value TEXT_CONTROL_CHARACTER"]) {
        $0.values[0].value = "王\n*"
      },
      Self("a citizen number in the text", ["values TEMPLATE_VALUE_PERSONAL"]) {
        $0.values[0].value = CitizenIDs.woman(1)
      },
      Self("33 values", ["values TEMPLATE_VALUES_TOO_MANY"]) {
        $0.values = Array(repeating: $0.values[0], count: 33)
      },
      Self("an end that is over", ["not_after_ms INSTANT_TOO_EARLY"]) {
        $0.notAfterMs = FakeClock().now().milliseconds
      },
      Self("an end before the beginning", ["not_after_ms INSTANT_TOO_EARLY"]) {
        $0.notBeforeMs = FakeClock().now().milliseconds + 2_000
        $0.notAfterMs = FakeClock().now().milliseconds + 1_000
      },
      Self("a beginning four years ahead", ["not_before_ms INSTANT_TOO_LATE"]) {
        $0.notBeforeMs = FakeClock().now().milliseconds + 4 * 366 * 86_400_000
      },
      Self("a text of more than 500 units", ["values MESSAGE_TOO_LONG"]) {
        $0.templateID = "application_accepted"
        $0.values = ["name", "kind", "application", "office", "promise_due_on", "statute_due_on"]
          .map {
            NotificationV1.TemplateValue(name: $0, value: String(repeating: "长", count: 100))
          }
      },
      Self("a landline", ["phone PHONE_INVALID"]) { $0.phone = "057188888888" },
      Self("no reference", ["reference FIELD_MISSING"]) { $0.reference = "" },
      Self(
        "all at once",
        [
          "template_id TEMPLATE_UNKNOWN", "phone FIELD_MISSING", "reference TEXT_TOO_LONG",
        ]
      ) {
        $0.templateID = "hello"
        $0.phone = ""
        $0.reference = String(repeating: "r", count: 65)
      },
    ]
  }

  @Test(arguments: Defect.all)
  func `every defect is told at once and nothing is queued`(_ defect: Defect) async throws {
    let queue = try await NotificationFixture()
    var request = Request.sample(1)
    defect.change(&request)
    let error = await #expect(throws: ServiceError.self) {
      try await queue.client.enqueueMessage(request, options: .registry)
    }
    #expect(error?.code == .invalidArgument)
    #expect(Set(error?.violations.map { "\($0.field) \($0.reason)" } ?? []) == defect.violations)
    #expect(try await queue.assembly.deliverOnce() == 0)
  }

  @Test func `a message has its time, its class, and what law says of it`() async throws {
    let queue = try await NotificationFixture()
    let now = queue.clock.now().milliseconds
    var request = Request.suspended(1)
    request.notBeforeMs = now + 60_000
    request.notAfterMs = now + 120_000
    let id = try await queue.client.enqueueMessage(request, options: .registry).messageID
    let message = try #require(try await queue.message(id))
    #expect(message.messageClass == .result && message.statutory)
    #expect(message.notBeforeMs == now + 60_000 && message.notAfterMs == now + 120_000)
    #expect(try await queue.assembly.deliverOnce() == 0)
    queue.clock.advance(milliseconds: 60_000)
    #expect(try await queue.assembly.deliverOnce() == 1)
    #expect(queue.gateway.handed.first?.expiresAt?.milliseconds == now + 120_000)
  }

  @Test func `a queue that is full takes no more`() async throws {
    var data = try NotificationFixture.data()
    data.queuedMax = 2
    let queue = try await NotificationFixture(data: data)
    for index in 1...2 { _ = try await queue.enqueue(index) }
    let error = await #expect(throws: ServiceError.self) { try await queue.enqueue(3) }
    #expect(error?.reason == "OVERLOADED" && error?.retryDelayMs != nil)
    #expect(try await queue.assembly.deliverOnce() == 2)
    _ = try await queue.enqueue(3)
  }

  @Test(arguments: [(70, [70]), (71, [67, 4]), (134, [67, 67]), (135, [67, 67, 1])])
  func `texts are counted in UCS-2 units`(_ units: Int, _ parts: [Int]) {
    let text = String(repeating: "字", count: units)
    #expect(SMSText.segments(of: text).map(\.utf16.count) == parts)
  }

  @Test func `160 units are 67 and 67 and 26, and no surrogate pair is split`() {
    let plain = String(repeating: "字", count: 160)
    #expect(SMSText.segments(of: plain).map(\.utf16.count) == [67, 67, 26])
    let rare = String(repeating: "字", count: 66) + String(repeating: "𬎆", count: 10)
    let segments = SMSText.segments(of: rare)
    #expect(segments.map(\.utf16.count) == [66, 20])
    #expect(segments.joined() == rare)
  }
}

extension EnqueueMessageTests {
  @Test func `no personal data stands open in the database`() async throws {
    let queue = try await NotificationFixture()
    let id = try await queue.enqueue()
    let stored = try await StoredValues(of: queue.store)
    #expect(!stored.places(of: id).isEmpty)
    for secret in ["13800138000", "𬎆*"] { #expect(stored.places(of: secret) == []) }
  }
}
