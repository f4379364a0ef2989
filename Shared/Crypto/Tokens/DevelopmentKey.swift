public import DomainModel
internal import Glibc

/// The key of the embedded default: `development.jwk` beside the services' other keys. Whoever can
/// read the file may call as anybody, so servers trust it only while they listen on loopback.
public enum DevelopmentKey {
  /// The file's name.
  public static let fileName = "development.jwk"
  /// What its tokens are signed for.
  public static let purpose = JSONWebToken.Purpose(issuer: "anju-development", audience: "anju")

  /// The key of a directory, which is made on first use. Several processes may do so at once: they
  /// get the same key.
  public static func load(directory: String) throws(CryptoError) -> TokenSigningKey {
    let file = KeyFile(directory: directory, name: Self.fileName)
    if !file.exists {
      try file.makeDirectory()
      let lock = try DirectoryLock(directory)
      defer { lock.release() }
      if !file.exists { try file.create(TokenSigningKey.generate().jwk()) }
    }
    return try TokenSigningKey(jwk: file.read())
  }

  /// A token for the embedded default.
  public static func token(
    _ claims: TokenClaims, from now: Timestamp, lifetimeMs: Int64, by key: TokenSigningKey
  ) throws(CryptoError) -> String {
    try JSONWebToken.signed(claims, for: Self.purpose, from: now, lifetimeMs: lifetimeMs, by: key)
  }

  /// Trust in it; it may name services.
  public static func issuer(_ key: TokenSigningKey) -> TokenIssuer {
    TokenIssuer(Self.purpose, keys: key.publicKeys, namesServices: true)
  }
}

/// A directory held against other processes while a file is made in it; the system lets go of it
/// when the process ends.
private struct DirectoryLock {
  private let descriptor: Int32

  init(_ path: String) throws(CryptoError) {
    self.descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard self.descriptor >= 0 else { throw Self.failure(path) }
    while flock(self.descriptor, LOCK_EX) != 0 {
      if errno == EINTR { continue }
      let failure = Self.failure(path)
      close(self.descriptor)
      throw failure
    }
  }

  func release() { close(self.descriptor) }

  private static func failure(_ path: String) -> CryptoError {
    .keyFileUnfit(path: path, reason: "it cannot be locked: \(String(cString: strerror(errno)))")
  }
}
