import DomainModel
import NIOCore
import RPC

/// Watches the health of the server behind one connection and reports each change. Confined to the
/// connection's loop.
///
/// A watch that ends is made again after a pause; until then the server counts as not serving. One
/// that knows no health service serves.
final class HealthWatcher: @unchecked Sendable {
  private let watch: HealthWatch
  private let connection: ClientConnection
  private let core: ClientCore
  private let report: (Bool) -> Void
  private var call: ClientCall?
  private var isStopped = false
  /// How many watches in a row have ended without an answer.
  private var failures = 0

  init(
    _ watch: HealthWatch, _ connection: ClientConnection, _ core: ClientCore,
    report: @escaping (Bool) -> Void
  ) {
    self.watch = watch
    self.connection = connection
    self.core = core
    self.report = report
  }

  /// Begins to watch.
  func start() {
    guard !self.isStopped else { return }
    let call = self.core.makeCall(self.watch.method, CallOptions(), request: nil)
    self.call = call
    call.open(on: self.connection)
    Task(executorPreference: self.core.executor) {
      let ending = await self.read(call)
      call.onLoop { self.ended(ending) }
    }
  }

  /// Ends the watch; nothing is reported any more.
  func stop() {
    self.isStopped = true
    self.call?.fail(ServiceError.cancelled)
  }

  private func read(_ call: ClientCall) async -> ServiceError? {
    do {
      try await call.write(self.watch.request)
      await call.finish()
      while let answer = try await call.next() {
        let isServing = self.watch.isServing(answer)
        call.onLoop { self.heard(isServing) }
      }
      return nil
    } catch {
      return error as? ServiceError
    }
  }

  private func heard(_ isServing: Bool) {
    self.failures = 0
    if !self.isStopped { self.report(isServing) }
  }

  private func ended(_ error: ServiceError?) {
    self.call = nil
    guard !self.isStopped else { return }
    guard error?.code != .unimplemented else {
      self.report(true)
      return
    }
    self.report(false)
    self.failures += 1
    let configuration = self.core.configuration
    let delay = configuration.backoff.delayMs(failures: self.failures, configuration.random)
    self.core.loop.scheduleTask(in: .milliseconds(delay)) { self.start() }
  }
}
