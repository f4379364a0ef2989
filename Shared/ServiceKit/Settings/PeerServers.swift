/// Where the servers of one peer are found: one or several addresses, any of which may take any
/// call. A name stands for all addresses that it has.
public struct PeerServers: Hashable, Sendable, CustomStringConvertible {
  /// How many may be named; each name may still have several addresses.
  public static let addressesMax = 32

  /// At least one.
  public let addresses: [PeerAddress]

  /// One server.
  public init(_ address: PeerAddress) {
    self.addresses = [address]
  }

  /// Reads `host:port`, or several with commas between; a name may stand as `dns:host:port`, as
  /// other gRPC clients write it. Nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let addresses = parts.compactMap { part in
      PeerAddress(Self.withoutScheme(part.drop { $0 == " " }))
    }
    guard addresses.count == parts.count, addresses.count <= Self.addressesMax else { return nil }
    self.addresses = addresses
  }

  /// The addresses as they are written in settings.
  public var description: String {
    self.addresses.map(\.description).joined(separator: ",")
  }

  private static func withoutScheme(_ text: Substring) -> String {
    for scheme in ["dns:///", "dns:"] where text.hasPrefix(scheme) {
      return String(text.dropFirst(scheme.count))
    }
    return String(text)
  }
}
