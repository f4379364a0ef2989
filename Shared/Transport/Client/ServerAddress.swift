import NIOCore

/// Where one server is found: a name or a number, and a port.
public struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
  /// A name that a resolver knows, or an IPv4 or IPv6 address without brackets.
  public var host: String
  /// The server's port.
  public var port: Int
  /// The name behind which a resolver found the number, where the server's certificate must be for
  /// it.
  var name: String?

  /// An address from its two parts.
  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `host:port`; an IPv6 address stands in brackets.
  public var description: String {
    self.host.contains(":") ? "[\(self.host)]:\(self.port)" : "\(self.host):\(self.port)"
  }

  /// The address as sockets take it; nil for a name.
  var number: SocketAddress? {
    try? SocketAddress(ipAddress: self.host, port: self.port)
  }
}
