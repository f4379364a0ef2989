import NIOCore
import Synchronization

/// How many connections a server has, on all its loops, and from which addresses.
final class ConnectionCount: Sendable {
  private let max: Int
  private let perAddressMax: Int
  private let count = Atomic<Int>(0)
  /// Kept only where the bound of one address is below that of all.
  private let addresses = Mutex<[PeerNetwork: Int]>([:])

  init(_ limits: TransportLimits) {
    self.max = limits.connectionsMax
    self.perAddressMax = limits.connectionsPerAddressMax
  }

  /// Counts one more; false if there are too many.
  func add(_ network: PeerNetwork?) -> Bool {
    guard self.count.add(1, ordering: .relaxed).newValue <= self.max, self.enter(network) else {
      self.count.subtract(1, ordering: .relaxed)
      return false
    }
    return true
  }

  /// Counts one less; the network is the one that it was added with.
  func remove(_ network: PeerNetwork?) {
    self.count.subtract(1, ordering: .relaxed)
    guard self.perAddressMax < self.max, let network else { return }
    self.addresses.withLock { addresses in
      let left = (addresses[network] ?? 1) - 1
      addresses[network] = left > 0 ? left : nil
    }
  }

  private func enter(_ network: PeerNetwork?) -> Bool {
    guard self.perAddressMax < self.max, let network else { return true }
    return self.addresses.withLock { addresses in
      let count = addresses[network, default: 0]
      guard count < self.perAddressMax else { return false }
      addresses[network] = count + 1
      return true
    }
  }
}

/// Where a connection comes from, as far as one peer can choose among addresses: an IPv4 address,
/// or the first 64 bits of an IPv6 address, as every host has a whole network of them.
struct PeerNetwork: Hashable, Sendable {
  private let isVersion6: Bool
  private let prefix: UInt64

  /// The network of an address; nil for a socket without one.
  init?(_ address: SocketAddress?) {
    // Past family and port (RFC 3493, 3.3): four bytes of IPv4; four of flow label, then IPv6.
    switch address {
    case .v4(let address):
      self.isVersion6 = false
      self.prefix = withUnsafeBytes(of: address.address) {
        UInt64($0.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
      }
    case .v6(let address):
      self.isVersion6 = true
      self.prefix = withUnsafeBytes(of: address.address) {
        $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
      }
    case .unixDomainSocket, nil: return nil
    }
  }
}
