import DomainModel
import Logging
import NIOCore

/// One address of a channel: the connection that takes calls there, if there is one, and when to
/// try again. Confined to its channel's loop.
///
/// Attempts are numbered, so that the end of an old connection says nothing about the next one.
final class Subchannel: @unchecked Sendable {
  enum State {
    /// No connection; the next call asks for one.
    case idle
    /// The attempt with this number is under way.
    case connecting(Int)
    /// Connected; the server's health is not known yet.
    case checking(ClientConnection)
    /// Connected, but the server says that it does not serve.
    case unhealthy(ClientConnection)
    case ready(ClientConnection)
    /// The last attempt failed; a timer makes it idle again.
    case backingOff
    /// The address is used no more.
    case shut
  }

  let address: ServerAddress
  private let core: ClientCore
  private(set) var state = State.idle
  /// Why there is no connection.
  private(set) var lastFailure = "not yet connected"
  /// How many attempts there have been; the number of the last one.
  private var attempts = 0
  /// How many attempts in a row brought no connection that served a call.
  private var failures = 0
  private var retryTimer: Scheduled<Void>?
  /// Whether the log says that the server cannot be reached.
  private var isReported = false
  private var health: HealthWatcher?
  /// How many times longer than set up the server wants us to keep from asking for signs of life.
  private(set) var keepAliveFactor = 1

  init(_ address: ServerAddress, _ core: ClientCore) {
    self.address = address
    self.core = core
  }

  /// Connects, if nothing is under way.
  func connect() {
    guard case .idle = self.state else { return }
    self.attempts += 1
    let attempt = self.attempts
    self.state = .connecting(attempt)
    let bootstrap = self.core.bootstrap
    bootstrap
      .connect(to: self.address) {
        let connection = try ClientConnection(self, attempt: attempt, self.core)
        self.core.add(connection)
        connection.closeUnlessReady(within: bootstrap.timeout * 2)
        return connection
      }
      .flatMap { $0.closeFuture }
      .whenComplete { result in
        switch result {
        case .success: self.attemptFailed(attempt, "the server closed the connection at once")
        case .failure(let error): self.attemptFailed(attempt, "\(error)")
        }
      }
  }

  /// Uses the address no more; calls under way go on to their end.
  func shut() {
    self.retryTimer?.cancel()
    let connection = self.connection
    self.stopHealth()
    self.state = .shut
    connection?.leave()
  }

  // What connections report.

  /// The server's settings have come: the connection works.
  func connectionReady(_ connection: ClientConnection) {
    guard case .connecting(connection.attempt) = self.state else {
      connection.retire()
      return
    }
    if let watch = self.core.configuration.health {
      self.state = .checking(connection)
      self.health = HealthWatcher(watch, connection, self.core) { [weak self] in
        self?.healthChanged(of: connection, isServing: $0)
      }
      self.health?.start()
      self.core.changed(self)
    } else {
      self.takesCalls(connection)
    }
  }

  /// The connection takes no new call (GOAWAY, or its stream numbers are used up), or is gone.
  func connectionEnded(_ connection: ClientConnection, _ reason: String) {
    guard self.connection === connection else { return }
    self.stopHealth()
    if connection.hasServed { self.failures = 0 }
    guard connection.hasServed || self.failures == 0 else {
      // A server that takes connections only to end them is not asked again at once.
      self.backOff(reason)
      return
    }
    if !connection.hasServed { self.failures = 1 }
    self.state = .idle
    self.core.changed(self)
  }

  /// The server counts our pings as abuse: from now on half as many, also on later connections.
  func slowKeepAlive() {
    self.keepAliveFactor = min(self.keepAliveFactor * 2, KeepAlive.factorMax)
  }

  private var connection: ClientConnection? {
    switch self.state {
    case .checking(let connection), .unhealthy(let connection), .ready(let connection): connection
    case .idle, .connecting, .backingOff, .shut: nil
    }
  }

  private func healthChanged(of connection: ClientConnection, isServing: Bool) {
    guard self.connection === connection else { return }
    if isServing {
      self.takesCalls(connection)
    } else {
      self.lastFailure = "the server says that it does not serve"
      self.state = .unhealthy(connection)
      self.reportLoss()
      self.core.changed(self)
    }
  }

  private func takesCalls(_ connection: ClientConnection) {
    self.state = .ready(connection)
    if self.isReported {
      self.isReported = false
      self.core.configuration.logger?.notice(
        "a server takes calls again", metadata: ["server": "\(self.address)"])
    }
    self.core.changed(self)
  }

  /// Told once, until the server takes calls again.
  private func reportLoss() {
    guard !self.isReported else { return }
    self.isReported = true
    self.core.configuration.logger?.warning(
      "a server takes no calls",
      metadata: ["server": "\(self.address)", "reason": "\(self.lastFailure)"])
  }

  private func stopHealth() {
    self.health?.stop()
    self.health = nil
  }

  /// An attempt has brought no connection, or one that was lost before it worked. Of an attempt
  /// that is over nothing is said any more.
  func attemptFailed(_ attempt: Int, _ reason: String) {
    guard case .connecting(attempt) = self.state else { return }
    self.backOff(reason)
  }

  private func backOff(_ reason: String) {
    self.failures += 1
    self.lastFailure = reason
    self.state = .backingOff
    self.reportLoss()
    let configuration = self.core.configuration
    let delay = configuration.backoff.delayMs(failures: self.failures, configuration.random)
    self.retryTimer = self.core.loop.scheduleTask(in: .milliseconds(delay)) {
      guard case .backingOff = self.state else { return }
      self.state = .idle
      self.core.changed(self)
    }
    self.core.changed(self)
  }
}
