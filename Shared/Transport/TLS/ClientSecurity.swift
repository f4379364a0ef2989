import Logging
import NIOCore
import NIOPosix
import NIOSSL
import RPC

/// A client channel's side of TLS: what stands under each of its connections.
final class ClientSecurity: Sendable {
  private let tls: ClientTLS
  private let contexts: TLSContexts

  init(_ tls: ClientTLS, logger: Logger?) {
    self.tls = tls
    self.contexts = TLSContexts(tls, logger: logger)
  }

  /// The context for a new connection. Files are looked at first, off the loop, unless that was
  /// done lately; fails with what is wrong with them where there is no context of before.
  func context(on loop: any EventLoop, within timeout: TimeAmount) -> EventLoopFuture<NIOSSLContext>
  {
    let contexts = self.contexts
    if let current = contexts.current, contexts.isFresh(within: self.tls.checkMs) {
      return loop.makeSucceededFuture(current)
    }
    let promise = loop.makePromise(of: NIOSSLContext.self)
    let timer = loop.scheduleTask(in: timeout) {
      promise.fail(TransportError.tlsUnusable("the TLS files cannot be read in time"))
    }
    NIOSingletons.posixBlockingThreadPool.runIfActive(eventLoop: loop) { contexts.look() }
      .whenComplete { result in
        timer.cancel()
        if let current = contexts.current {
          promise.succeed(current)
        } else {
          let problem = try? result.get()
          promise.fail(TransportError.tlsUnusable(problem?.description ?? "no thread reads files"))
        }
      }
    return promise.futureResult
  }

  /// Puts TLS under a connection to `host` that is about to begin.
  func secure(
    _ pipeline: ChannelPipeline.SynchronousOperations, _ context: NIOSSLContext, host: String
  ) throws {
    let name = self.tls.serverName ?? host
    // An address is no server name (RFC 6066, 3); it is looked for among the certificate's
    // addresses.
    let isAddress = (try? SocketAddress(ipAddress: name, port: 0)) != nil
    let handler = try NIOSSLClientHandler(context: context, serverHostname: isAddress ? nil : name)
    try pipeline.addHandlers([
      handler,
      TLSHandshake { certificate in
        // NIOSSL is content with the address that is called, where a name is expected too.
        guard !isAddress, let certificate else { return nil }
        return PeerCertificate(certificate).isFor(serverName: name) ? nil : .otherName
      },
    ])
  }
}
