import CertificateRegistryCore
import Crypto
import ServiceKit

/// Signs permits with the key of the registry's key ring, on the pool for work that blocks.
struct PooledSigner: PermitSigner {
  let keyID: String
  let publicKeyPEM: String
  private let key: SM2PrivateKey
  private let pool = BlockingPool()

  /// A signer; the key's id is made of the first 16 digits of the SM3 hash of its public half.
  init(_ key: SM2PrivateKey) throws {
    self.key = key
    self.publicKeyPEM = try key.publicKey().pem()
    let hash = try DigestAlgorithm.sm3.digest(Array(self.publicKeyPEM.utf8))
    self.keyID = "sm2-" + Hex.encode(hash.prefix(8))
  }

  func sign(_ document: [UInt8]) async throws -> [UInt8] {
    let key = self.key
    return try await self.pool.run { try key.sign(document) }
  }
}
