import DomainModel
import NotificationGateways
import Synchronization
import TestSupport

/// The way out for texts: it never forgets and knows a message that comes twice, as the file
/// gateway does. Now and then it says that it has not taken one, though it may have.
final class SimulatedGateway: MessageGateway {
  private struct State {
    var delivered: [String: OutgoingMessage] = [:]
    var world: SimulatedWorld?
  }

  let name = "simulated"
  private let chance: Chance
  private let state = Mutex(State())

  init(_ chance: Chance) {
    self.chance = chance
  }

  /// The run that it belongs to; set once.
  func enter(_ world: SimulatedWorld) {
    self.state.withLock { $0.world = world }
  }

  /// What was delivered, by the message's id.
  var delivered: [String: OutgoingMessage] { self.state.withLock { $0.delivered } }

  func send(_ message: OutgoingMessage) async throws(GatewayError) -> GatewayReceipt {
    guard let world = self.state.withLock({ $0.world }) else {
      throw GatewayError(code: "NO_WORLD", mayBeRetried: false)
    }
    await world.scheduler.pause()
    let fails = self.chance.happens(perMille: world.plan.gatewayFaults)
    if !fails || self.chance.happens(perMille: 500) {
      world.trace.add("gateway takes \(message.messageID)")
      self.state.withLock { $0.delivered[message.messageID] = message }
    }
    await world.scheduler.pause()
    if fails { throw GatewayError(code: "SIMULATED", mayBeRetried: true) }
    return GatewayReceipt(deliveredAt: world.clock.now(), providerID: message.messageID)
  }
}
