package import ArgumentParser
package import Crypto
import DomainModel

/// What the command line shows the services.
package struct Credentials: ParsableArguments {
  @Option(
    help: """
      The token to call with, whatever the command; ANJU_TOKEN where it is not given. Without \
      either, each call has a token of the development key.
      """)
  package var token: String?

  @OptionGroup package var keys: KeyPlace

  package init() {}
}

/// Where the key lies that tokens are signed with, and who signs.
package struct KeyPlace: ParsableArguments {
  @Option(
    help: """
      The folder of the development key, which is made where it is not there; ANJU_KEYS where it \
      is not given.
      """)
  package var keys: String?

  @Option(
    help: """
      Who signs (iss): what tokens.issuer of the services says. ANJU_ISSUER where it is not given; \
      without either, the issuer of the embedded default.
      """)
  package var issuer: String?

  package init() {}

  /// The folder, whether it is there or not.
  package var folder: String { self.keys ?? environment("ANJU_KEYS") ?? ".anju/keys" }

  /// The key, which is made where it is not there.
  package func key() throws -> TokenSigningKey {
    try DevelopmentKey.load(directory: self.folder)
  }

  /// What its tokens are signed for.
  package var purpose: JSONWebToken.Purpose {
    var purpose = DevelopmentKey.purpose
    if let issuer = self.issuer ?? environment("ANJU_ISSUER") { purpose.issuer = issuer }
    return purpose
  }

  /// A token of the key.
  package func token(_ claims: TokenClaims, minutes: Int) throws -> String {
    try JSONWebToken.signed(
      claims, for: self.purpose, from: .present, lifetimeMs: Int64(minutes) * 60_000,
      by: self.key())
  }
}
