import Glibc
import NIOCore
import NIOPosix

/// Finds the addresses behind a server's name.
public protocol Resolver: Sendable {
  /// All addresses of a server that was given by name; their hosts are numbers. The order is the
  /// order in which they are first used. Throws, or answers with none, when there are none now.
  func resolve(_ server: ServerAddress) async throws -> [ServerAddress]
}

/// The system's own resolver (`getaddrinfo`: `/etc/hosts`, DNS, whatever the machine is set up
/// for): all A and AAAA records of the name. It blocks, so it runs on NIO's pool of threads.
public struct SystemResolver: Resolver {
  /// Why a name has no address.
  public struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the system says about it.
    public let description: String
  }

  /// The resolver; it has no state.
  public init() {}

  /// All A and AAAA records of the server's name, each once. Throws `Failure`.
  public func resolve(_ server: ServerAddress) async throws -> [ServerAddress] {
    try await NIOThreadPool.singleton.runIfActive { try Self.look(for: server) }
  }

  private static func look(for server: ServerAddress) throws -> [ServerAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    var list: UnsafeMutablePointer<addrinfo>?
    let result = getaddrinfo(server.host, nil, &hints, &list)
    guard result == 0 else {
      throw Failure(description: "\(server.host): \(String(cString: gai_strerror(result)))")
    }
    defer { freeaddrinfo(list) }
    var addresses: [ServerAddress] = []
    var entry = list
    while let info = entry?.pointee {
      entry = info.ai_next
      guard let host = self.number(info) else { continue }
      let address = ServerAddress(host: host, port: server.port)
      if !addresses.contains(address) { addresses.append(address) }
    }
    return addresses
  }

  private static func number(_ info: addrinfo) -> String? {
    var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let result = getnameinfo(
      info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
    guard result == 0 else { return nil }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
