internal import Crypto
internal import DomainModel
internal import Logging
internal import RPC
internal import ServiceCore

/// Whom a service believes, and as whom it calls.
///
/// A service that listens on loopback believes tokens of the development key, and tells its peers
/// by such a token who it is. One that does not listens to certificates and to the tokens of the
/// issuer that its settings name.
struct ServiceIdentity: Sendable {
  /// Believes tokens and certificates.
  let authority: TokenAuthority
  /// Tokens for the calls to peers; nil where a certificate says who calls.
  let tokens: DevelopmentTokens?
  /// Reads the issuer's keys again when their file changes; nil where no issuer is named.
  let keyWatch: FileWatch?

  /// Reads the keys. Throws `ConfigurationError` for key files that cannot be used: a service
  /// begins with the keys it was told of, or not at all.
  init(
    _ service: ServiceName, _ settings: CommonSettings, time: any TimeSource, logger: Logger
  ) throws {
    var issuers: [TokenIssuer] = []
    let tokens = settings.tokens
    let purpose = JSONWebToken.Purpose(issuer: tokens.issuer, audience: tokens.audience)
    let files = FileWatch.Files(of: "token keys", tokens.keys.map { [$0] } ?? [])
    if let path = tokens.keys { issuers.append(TokenIssuer(purpose, keys: try Self.keys(path))) }
    let development = try Self.developmentKey(settings, logger)
    if let development { issuers.append(DevelopmentKey.issuer(development)) }
    let authority = TokenAuthority(issuers, trustsLoopbackOnly: development != nil, time: time)
    self.authority = authority
    self.tokens = development.map {
      DevelopmentTokens(of: Caller(service: service), by: $0, time: time)
    }
    self.keyWatch = tokens.keys.map { path in
      FileWatch(files: files, logger: logger, time: time) {
        let keys = try await BlockingPool().run { try Self.keys(path) }
        authority.replace(keys, of: purpose)
        return keys.keyIDs.joined(separator: ", ")
      }
    }
  }

  /// The public keys in a file. Throws `ConfigurationError` where it is not there or has none.
  private static func keys(_ path: String) throws(ConfigurationError) -> JSONWebKeySet {
    let text = try FileText.read(path, bytesMax: JSONWebKeySet.bytesMax)
    do throws(CryptoError) {
      return try JSONWebKeySet(json: Array(text.utf8))
    } catch {
      throw ConfigurationError(problems: ["\(path): \(error)"])
    }
  }

  /// The development key; nil where it is not believed.
  private static func developmentKey(
    _ settings: CommonSettings, _ logger: Logger
  ) throws -> TokenSigningKey? {
    guard settings.tokens.development == .loopback else { return nil }
    guard settings.listen.isLoopback else {
      logger.notice(
        "tokens of the development key are not believed: this service can be reached from outside",
        metadata: ["net.host": "\(settings.listen.host)"])
      return nil
    }
    return try DevelopmentKey.load(directory: settings.tokens.developmentDirectory)
  }
}

extension PeerAddress {
  /// Whether only this machine can reach the address, as far as its text says so. The server looks
  /// again at the address it listens on.
  var isLoopback: Bool {
    if self.host == "localhost" || self.host == "::1" { return true }
    let parts = self.host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
