import DomainModel
import Logging
import Metrics
import NIOCore
import NIOPosix
import NIOSSL
import RPC
import Synchronization

/// A server's side of TLS: what stands under each of its connections, kept up to date with its
/// files for as long as it listens.
final class ServerSecurity: Sendable {
  /// How often a failed handshake is logged at most, in milliseconds; the others are counted.
  static let failureLogMs: Int64 = 1_000

  private struct Failures {
    var loggedAt: NIODeadline?
    var passedOver = 0
  }

  private let tls: ServerTLS
  private let clock: any TimeSource
  private let logger: Logger
  private let contexts: TLSContexts
  private let handshakeFailures = Counter(label: "tls_handshake_failures")
  private let failures = Mutex(Failures())
  private let isStopped = Mutex(false)

  init(_ tls: ServerTLS, clock: any TimeSource, logger: Logger) {
    self.tls = tls
    self.clock = clock
    self.logger = logger
    self.contexts = TLSContexts(tls, logger: logger)
  }

  /// What is wrong with the certificate or its files; nil if all is well.
  func problem() -> String? {
    self.contexts.problem(at: self.clock.now())
  }

  /// Reads the files, off the event loops. Throws what keeps the server from starting.
  func open() async throws {
    guard !self.tls.requiresClientCertificate || self.tls.clientRoots != nil else {
      throw TransportError.tlsUnusable(
        "client certificates are required, but no roots are named that they must lead to")
    }
    let contexts = self.contexts
    let problem = try await NIOSingletons.posixBlockingThreadPool.runIfActive { contexts.look() }
    if let problem { throw TransportError.tlsUnusable(problem.description) }
  }

  /// Looks at the files again and again until `stop`.
  func keepFresh(on loop: any EventLoop) {
    self.lookAgain(in: self.tls.checkMs, on: loop)
  }

  /// Looks no more.
  func stop() {
    self.isStopped.withLock { $0 = true }
  }

  private func lookAgain(in delayMs: Int64, on loop: any EventLoop) {
    loop.scheduleTask(in: .milliseconds(delayMs)) { [weak self] in
      guard let self, !self.isStopped.withLock({ $0 }) else { return }
      let contexts = self.contexts
      NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: loop) { contexts.look() }
        .whenSuccess { _ in
          let settleMs = min(TLSContexts.settleMs, self.tls.checkMs)
          self.lookAgain(in: contexts.isSettling ? settleMs : self.tls.checkMs, on: loop)
        }
    }
  }

  /// Puts TLS under a connection that is about to begin.
  func secure(
    _ pipeline: ChannelPipeline.SynchronousOperations, _ connection: ServerConnection
  ) throws {
    guard let context = self.contexts.current else { throw ChannelError.eof }
    try pipeline.addHandlers([
      NIOSSLServerHandler(context: context),
      TLSHandshake { [unowned connection] certificate in
        connection.peer = certificate.map { PeerCertificate($0) }
        return self.check(certificate)
      } failed: { context, error in
        self.handshakeFailed(error, context.remoteAddress)
      },
    ])
  }

  /// The certificate of a resumed session is that of the first one and is not verified again, so
  /// its expiry is looked at here.
  private func check(_ certificate: NIOSSLCertificate?) -> TLSRefusal? {
    guard let certificate else { return nil }
    let expires = Timestamp(milliseconds: Int64(certificate.notValidAfter) * 1000)
    return expires < self.clock.now() ? .certificateExpired : nil
  }

  private func handshakeFailed(_ error: any Error, _ peer: SocketAddress?) {
    self.handshakeFailures.increment()
    let now = NIODeadline.now()
    let passedOver = self.failures.withLock { failures -> Int? in
      if let loggedAt = failures.loggedAt, now < loggedAt + .milliseconds(Self.failureLogMs) {
        failures.passedOver += 1
        return nil
      }
      defer { failures = Failures(loggedAt: now) }
      return failures.passedOver
    }
    guard let passedOver else { return }
    self.logger.info(
      "TLS handshake failed",
      metadata: [
        "error": "\(TLSReason.text(error))", "net.peer": "\(peer?.ipAddress ?? "unknown")",
        "tls.failures_unlogged": "\(passedOver)",
      ])
  }
}
