public import Crypto
import DomainModel
import PermitProof
public import ServiceCore

/// Signs permits with the key of the registry's key ring, on a pool for work that blocks.
public struct PooledSigner: PermitSigner {
  /// The key's id, as its public half gives it (`TrustedKey.id`).
  public let keyID: String
  /// The public half.
  public let publicKeyPEM: String
  /// How signing keys took each other's place, oldest first.
  public let successions: [KeySuccession]
  private let key: SM2PrivateKey
  private let pool: any WorkPool

  /// A signer with a key.
  public init(
    _ key: SM2PrivateKey, _ successions: [KeySuccession], on pool: any WorkPool
  ) throws {
    self.key = key
    self.successions = successions
    self.pool = pool
    let publicKey = try key.publicKey()
    self.publicKeyPEM = try publicKey.pem()
    self.keyID = try TrustedKey.id(of: publicKey)
  }

  /// The signature.
  public func sign(_ document: [UInt8]) async throws -> [UInt8] {
    let key = self.key
    return try await self.pool.run { try key.sign(document) }
  }
}
