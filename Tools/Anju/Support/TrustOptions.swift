import ArgumentParser
import Crypto
import PermitProof

/// The public keys that a verifier trusts, from files.
struct TrustOptions: ParsableArguments {
  @Option(help: "A folder with keys.tsv and the public keys that it lists.")
  var trust: String?

  @Option(help: "A public key in PEM, trusted without an end under the name that it has by itself.")
  var key: [String] = []

  func validate() throws {
    if (self.trust == nil) == self.key.isEmpty {
      throw ValidationError("Give --trust FOLDER, or --key FILE once or more.")
    }
  }

  /// The ring; what is wrong with a file is said with its path.
  func ring() throws -> SigningKeyRing {
    try Self.ring(trust: self.trust, keys: self.key)
  }

  /// The ring of a folder or, without one, of the files of single keys.
  static func ring(trust: String?, keys paths: [String]) throws -> SigningKeyRing {
    if let trust {
      let list = "\(trust)/\(SigningKeyRing.listName)"
      do {
        return try SigningKeyRing(list: try Self.text(list)) { try Self.text("\(trust)/\($0)") }
      } catch let error as SigningKeyRingError {
        throw ValidationError("\(list): \(error).")
      }
    }
    let keys = try paths.map { path in
      guard let key = try? SM2PublicKey(pem: try Self.text(path)) else {
        throw ValidationError("\(path) holds no public SM2 key in PEM.")
      }
      return TrustedKey(id: try TrustedKey.id(of: key), key: key)
    }
    guard let ring = SigningKeyRing(keys.compactMap(\.self)) else {
      throw ValidationError("--key names one key twice, or more than \(SigningKeyRing.keysMax).")
    }
    return ring
  }

  private static func text(_ path: String) throws -> String {
    let bytes = try InputFile.bytes(path, max: SigningKeyRing.fileBytesMax) ?? []
    return String(decoding: bytes, as: UTF8.self)
  }
}
