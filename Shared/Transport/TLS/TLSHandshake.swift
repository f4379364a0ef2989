import NIOCore
import NIOSSL
import NIOTLS
import RPC

/// Stands above TLS until the handshake is over, and then leaves: it lets through only a peer that
/// speaks HTTP/2 and whose certificate is in order. Nothing of the session has left before.
final class TLSHandshake: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  /// Says what else than TLS itself found is wrong with the peer's certificate; nil if nothing.
  typealias Check = (NIOSSLCertificate?) -> TLSRefusal?

  private let check: Check
  private let failed: (ChannelHandlerContext, any Error) -> Void

  /// `failed` hears why the handshake did not end well.
  init(
    check: @escaping Check,
    failed: @escaping (ChannelHandlerContext, any Error) -> Void = { _, _ in }
  ) {
    self.check = check
    self.failed = failed
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    guard agreed == TLSMaterial.applicationProtocol else {
      self.refuse(context, .noHTTP2)
      return
    }
    let pipeline = context.pipeline.syncOperations
    if let refusal = self.check((try? pipeline.nioSSL_peerCertificate()) ?? nil) {
      self.refuse(context, refusal)
      return
    }
    pipeline.removeHandler(self, promise: nil)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    self.failed(context, error)
    context.fireErrorCaught(error)
  }

  private func refuse(_ context: ChannelHandlerContext, _ refusal: TLSRefusal) {
    self.failed(context, refusal)
    context.fireErrorCaught(refusal)
  }
}

extension PeerCertificate {
  /// The names in a certificate that TLS has verified. How many there can be is bounded by what a
  /// handshake may carry (BoringSSL: 100 KiB of certificates).
  init(_ certificate: NIOSSLCertificate) {
    var uris: [String] = []
    var dnsNames: [String] = []
    for name in certificate._subjectAlternativeNames() {
      // A name that is no text names nobody.
      guard let text = String(validating: name.contents, as: UTF8.self) else { continue }
      switch name.nameType {
      case .uri: uris.append(text)
      case .dnsName: dnsNames.append(text)
      default: break
      }
    }
    self.init(uris: uris, dnsNames: dnsNames)
  }

  /// Whether the certificate is for a server of this name: exactly, or by a `*` for its first label
  /// (RFC 9525, 6.3).
  func isFor(serverName: String) -> Bool {
    let wanted = serverName.lowercased()
    let parent = wanted.drop { $0 != "." }
    return self.dnsNames.contains { name in
      let name = name.lowercased()
      return name == wanted || (parent.count > 1 && name == "*" + parent)
    }
  }
}

extension ChannelHandlerContext {
  /// Closes the socket at once. TLS would first wait for its peer to say farewell too.
  func hangUp() {
    let pipeline = self.pipeline.syncOperations
    if let tls = try? pipeline.context(handlerType: NIOSSLHandler.self) {
      tls.close(promise: nil)
    } else {
      self.close(promise: nil)
    }
  }
}
