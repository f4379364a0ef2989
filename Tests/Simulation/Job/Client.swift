import DomainModel
import RPC
import TestSupport
import Wire

/// Somebody outside who calls the services and, like any careful client, sends a call again under
/// the same key for as long as nobody has answered it.
struct Client: Sendable {
  /// How long a client asks again and again, in milliseconds of simulated time.
  static let patienceMs: Int64 = 1_800_000
  /// How long it waits for one answer, and how long before it asks again, in milliseconds.
  static let callMs: Int64 = 5_000
  static let againMs = 100...2_000
  /// How often an answered call is sent once more, in thousandths.
  static let repeated = 200

  static let retried: Set<ServiceError.Code> = [
    .unavailable, .deadlineExceeded, .cancelled, .resourceExhausted,
  ]

  let world: SimulatedWorld
  let caller: Caller
  let chance: Chance

  var options: CallOptions { CallOptions(timeoutMs: Self.callMs) }

  func channel(to name: ServiceName) -> any RPCChannel {
    self.world.channel(to: name, from: nil, as: self.caller)
  }

  var intake: IntakeV1.IntakeServiceClient { .init(self.channel(to: .intake)) }
  var approval: ApprovalV1.ApprovalServiceClient { .init(self.channel(to: .approval)) }
  var registry: RegistryV1.CertificateRegistryServiceClient { .init(self.channel(to: .registry)) }
  var notification: NotificationV1.NotificationServiceClient {
    .init(self.channel(to: .notification))
  }

  /// A key that nobody has used.
  func key(_ what: String) -> String { "\(what)-\(self.chance.source.next())-simulated" }

  /// The answer, however often it has to be asked for.
  func call<Answer>(_ ask: () async throws -> Answer) async throws -> Answer {
    let last = self.world.clock.now().adding(milliseconds: Self.patienceMs)
    while true {
      do {
        return try await ask()
      } catch let error as ServiceError
        where Self.retried.contains(error.code) && self.world.clock.now() < last
      {
        try await self.world.sleep(self.chance.wait(Self.againMs))
      }
    }
  }

  /// The answer to a call that changes something. Now and then the call is sent once more after
  /// its answer, as by a client that lost it: whoever repeats a key is told what he was told first.
  func change<Answer: WireMessage>(_ ask: () async throws -> Answer) async throws -> Answer {
    let first = try await self.call(ask)
    guard self.chance.happens(perMille: Self.repeated) else { return first }
    try await self.world.sleep(self.chance.wait(Self.againMs))
    self.world.tell(.repeats)
    let second = try await self.call(ask)
    if first != second {
      self.world.violated("one key was answered in two ways: \(first), then \(second)")
    }
    return first
  }

  /// Asks until there is an answer to its liking.
  func poll<Answer>(_ ask: () async throws -> Answer?) async throws -> Answer {
    let last = self.world.clock.now().adding(milliseconds: Self.patienceMs)
    while self.world.clock.now() < last {
      if let answer = try await self.call(ask) { return answer }
      try await self.world.sleep(self.chance.wait(Self.againMs))
    }
    throw ServiceError(code: .deadlineExceeded, message: "What was waited for never came.")
  }
}
