import DomainModel
import Logging
import Storage
import StorageEngine

/// What the threads of one store share.
final class PostgresCore: Sendable {
  let server: PostgresServer
  let options: PostgresOptions
  let signals = SignalHub()
  let counter = StatisticsCounter()
  let solitude = Solitude()
  let faults: FaultLog
  let random: any RandomSource
  let gate: ConnectGate
  let mail = Mail()
  private let clock: (any TimeSource)?
  private let logger: Logger

  init(
    _ server: PostgresServer, _ options: PostgresOptions, _ effects: PostgresStore.Effects,
    _ logger: Logger
  ) {
    self.server = server
    self.options = options
    self.random = effects.random
    self.clock = effects.databaseClock
    self.logger = logger
    self.faults = FaultLog(logger)
    self.gate = ConnectGate(options, time: effects.time, random: effects.random)
  }

  /// Makes a connection; throws `StorageError`, at once while the server is known to be away.
  func connect(bell: Bell = Bell()) throws -> PostgresConnection {
    try self.gate.pass {
      let link = try Link(to: self.server, self.options, bell: bell)
      let connection = PostgresConnection(
        link, self.server, statementsMax: self.options.statementsMax, time: self.clock)
      try connection.prepareToServe(self.options) { self.logger.warning("storage: \($0)") }
      self.counter.count { $0.connects += 1 }
      return connection
    }
  }

  /// What a caller hears: an outage of the store becomes `STORE_UNAVAILABLE`.
  func atBorder(_ error: any Error, _ side: FaultLog.Side) -> any Error {
    // One statement that waited or ran for too long says nothing of the next.
    if case .busy(let text) = error as? StorageError {
      self.logger.warning("storage: \(text)")
      return ServiceError(.storeUnavailable, retryDelayMs: FaultLog.retryDelayMs)
    }
    return self.faults.atBorder(error, side)
  }

  /// A transaction went well; one that changed nothing says nothing about the disk.
  func wentWell(_ side: FaultLog.Side, hasChanged: Bool = false) {
    guard self.faults.isFaulty(side) else { return }
    switch self.faults.fault {
    case .full, .readOnly: if hasChanged { self.faults.clear(side) }
    default: self.faults.clear(side)
    }
  }
}
