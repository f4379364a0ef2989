import DomainModel
import LoadReport
import RPC
import Synchronization
import ToolKit

/// Plays arrivals: draws each one's flow, takes its steps, and writes down what became of them.
struct Player: Sendable {
  let scenario: Scenario
  let seed: UInt64
  let scene: Scene
  let stock: [Subject]
  let ledger: Ledger
  let watch: Stopwatch
  /// The first person who comes, in the order of the population: those before are the stock.
  let firstPerson: Int
  /// Permits that were issued in the run: the first of them, to be looked for afterwards.
  private let issued = Issued()
  /// Holders come in turns, each flow's apart, so that nobody shows his permit more often than a
  /// person may.
  private let turns = Turns()

  /// Plays an arrival to its end, or to its first failure.
  func play(_ arrival: Arrival) async {
    let flow = self.scenario.flow(of: arrival.index, seed: self.seed)
    var taking = self.taking(flow, arrival)
    var dueUs = arrival.intendedUs
    var failure: Outcome?
    for step in flow.steps {
      let outcome = await self.take(step, &taking)
      let nowUs = self.watch.nowUs
      self.ledger.record(
        step.operation, latencyUs: nowUs - dueUs, intendedUs: arrival.intendedUs, outcome: outcome)
      dueUs = nowUs
      if outcome != .answered {
        failure = outcome
        break
      }
    }
    let latencyUs = self.watch.nowUs - arrival.intendedUs
    if flow.steps.count > 1 {
      self.ledger.record(
        flow.name, latencyUs: latencyUs, intendedUs: arrival.intendedUs,
        outcome: failure ?? .answered)
    }
    self.ledger.ended(latencyUs: latencyUs, wasCompleted: failure == nil)
    if !flow.needsStock { self.issued.note(taking.subject.certificateIdentifier) }
  }

  /// Some of the permits that were issued.
  var permits: [String] { self.issued.identifiers }

  private func taking(_ flow: Flow, _ arrival: Arrival) -> Taking {
    let subject =
      flow.needsStock
      ? self.stock[self.turns.next(of: flow) % self.stock.count]
      : self.scene.newcomer(self.firstPerson + arrival.index)
    return Taking(
      scene: self.scene, services: self.scene.services(of: arrival.index), subject: subject)
  }

  private func take(_ step: Step, _ taking: inout Taking) async -> Outcome {
    do {
      try await taking.take(step)
      return .answered
    } catch let error as ServiceError where error.code == .deadlineExceeded {
      self.ledger.explain(step.operation, "DEADLINE_EXCEEDED", error.message)
      return .timedOut
    } catch {
      let (code, text) = Self.words(for: error)
      self.ledger.explain(step.operation, code, text)
      return .failed(code: code)
    }
  }

  private static func words(for error: any Error) -> (code: String, text: String) {
    switch error {
    case let error as ServiceError:
      let violations = error.violations.map { "\($0.field) \($0.reason)" }
      return (
        error.reason.isEmpty ? "\(error.code)" : error.reason,
        ([error.message] + violations).joined(separator: "; ")
      )
    case let error as Unexpected: return (error.code, error.text)
    default: return ("NOT_CALLED", "\(error)")
    }
  }
}

/// Whose turn it is in each flow.
private final class Turns: Sendable {
  private let numbers = Mutex<[String: Int]>([:])

  /// The flow's next number, from 0.
  func next(of flow: Flow) -> Int {
    self.numbers.withLock { numbers in
      let number = numbers[flow.name, default: 0]
      numbers[flow.name] = number + 1
      return number
    }
  }
}

/// The first permits of a run.
private final class Issued: Sendable {
  private static let keptMax = 100

  private let kept = Mutex<[String]>([])

  var identifiers: [String] { self.kept.withLock { $0 } }

  func note(_ identifier: String) {
    guard !identifier.isEmpty else { return }
    self.kept.withLock { kept in
      if kept.count < Self.keptMax { kept.append(identifier) }
    }
  }
}
