public import Crypto
public import DomainModel

/// The seals of a service under keys made from a seed.
public struct TestSeals: Sendable {
  /// Seals columns.
  public let sealer: AESGCMSealer
  /// The key that seals.
  public let dataKey: SecretKey
  /// Finds persons.
  public let blindIndex: HMACBlindIndex

  /// Seals; the same for the same source. Nonces come from `nonces`, or from that source as well.
  public init(random: any RandomSource, nonces: (any RandomSource)? = nil) {
    guard let data = SecretKey(id: "test-data", bytes: random.bytes(SecretKey.byteCount)),
      let blind = SecretKey(id: "test-blind", bytes: random.bytes(SecretKey.byteCount))
    else { preconditionFailure("the random source gave too few bytes") }
    self.dataKey = data
    self.sealer = AESGCMSealer(current: data, random: nonces ?? random)
    self.blindIndex = HMACBlindIndex(key: blind)
  }
}
