import DomainModel
import NotificationGateways
import Synchronization
import TestSupport

/// The way out for texts: it never forgets and knows a message that comes twice, as the file
/// gateway does. Now and then it says that it has not taken one, though it may have; it may answer
/// later than its caller's lease ends, and deliver later than it answers.
final class SimulatedGateway: MessageGateway {
  private struct State {
    var taken: Set<String> = []
    var delivered: [OutgoingMessage] = []
    var underWay = 0
    var world: SimulatedWorld?
  }

  let name = "simulated"
  let sendMsMax: Int64 = 1_000
  private let chance: Chance
  private let sabotage: SimulatedRun.Sabotage?
  private let state = Mutex(State())

  init(_ chance: Chance, _ sabotage: SimulatedRun.Sabotage?) {
    self.chance = chance
    self.sabotage = sabotage
  }

  /// The run that it belongs to; set once.
  func enter(_ world: SimulatedWorld) {
    self.state.withLock { $0.world = world }
  }

  /// What has reached its telephone, in order.
  var delivered: [OutgoingMessage] { self.state.withLock { $0.delivered } }

  /// How many were taken and have not reached their telephones.
  var underWay: Int { self.state.withLock { $0.underWay } }

  func send(_ message: OutgoingMessage) async -> SendReport {
    guard let world = self.state.withLock({ $0.world }) else {
      return SendReport(gateway: self.name, .refused(code: "NO_WORLD", .forGood))
    }
    await world.scheduler.pause()
    let fails = self.chance.happens(perMille: world.plan.gatewayFaults)
    if !fails || self.chance.happens(perMille: 500) { self.take(message, in: world) }
    // A process that dies meanwhile hears nothing.
    try? await world.sleep(self.chance.wait(0...world.plan.gatewayAnswerMs))
    await world.scheduler.pause()
    if fails {
      return SendReport(
        gateway: self.name, .refused(code: "SIMULATED", .forNow(retryAfterMs: nil)))
    }
    return SendReport(
      gateway: self.name, .delivered(at: world.clock.now()), providerIDs: [message.messageID])
  }

  private func take(_ message: OutgoingMessage, in world: SimulatedWorld) {
    world.trace.add("gateway takes \(message.messageID)")
    let isNew = self.state.withLock { state in
      let isNew = state.taken.insert(message.messageID).inserted
      if isNew || self.sabotage == .gatewaysRepeat { state.underWay += 1 }
      return isNew
    }
    guard isNew || self.sabotage == .gatewaysRepeat else { return }
    world.later(afterMs: self.chance.wait(0...world.plan.gatewayLateMs)) {
      world.trace.add("gateway delivers \(message.messageID)")
      let isLost = self.sabotage == .gatewaysLose && self.chance.happens(perMille: 300)
      self.state.withLock { state in
        state.underWay -= 1
        if !isLost { state.delivered.append(message) }
      }
    }
  }
}
