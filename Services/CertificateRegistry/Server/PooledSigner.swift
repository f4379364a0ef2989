import CertificateRegistryCore
import Crypto
import PermitProof
import ServiceKit

/// Signs permits with the key of the registry's key ring, on the pool for work that blocks.
struct PooledSigner: PermitSigner {
  let keyID: String
  let publicKeyPEM: String
  let successions: [KeySuccession]
  private let key: SM2PrivateKey
  private let pool = BlockingPool()

  /// A signer; the key's id is what its public half gives (`TrustedKey.id`).
  init(_ key: SM2PrivateKey, _ successions: [KeySuccession]) throws {
    self.key = key
    self.successions = successions
    let publicKey = try key.publicKey()
    self.publicKeyPEM = try publicKey.pem()
    self.keyID = try TrustedKey.id(of: publicKey)
  }

  func sign(_ document: [UInt8]) async throws -> [UInt8] {
    let key = self.key
    return try await self.pool.run { try key.sign(document) }
  }
}
