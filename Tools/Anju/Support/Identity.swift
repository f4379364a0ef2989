import ArgumentParser
import Crypto
import DomainModel
import RPC

/// As whom the command line calls where no token is given.
extension Caller {
  static let auditor = Caller(kind: .auditor, id: "anju")
  static let app = Caller(kind: .integrator, id: "anju")
  static let registrationSystem = Caller(kind: .integrator, id: "registration")

  static func officer(_ id: String, office: String, role: String) -> Caller {
    Caller(kind: .officer, id: id, office: office, role: role)
  }
}

/// The options of a command that an officer gives.
struct OfficerOptions: ParsableArguments {
  @Option(help: "The officer's id.")
  var officer: String

  @Option(help: "The officer's office: 12 digits.")
  var office: String

  @Option(help: "The officer's role: accept, review or approve.")
  var role: StageName

  var identity: Caller {
    .officer(self.officer, office: self.office, role: self.role.rawValue)
  }
}

/// The options of a command that the head of an office gives.
struct HeadOptions: ParsableArguments {
  @Option(help: "The head's id.")
  var head: String

  @Option(help: "The head's office: 12 digits.")
  var office: String

  var identity: Caller { .officer(self.head, office: self.office, role: "head") }
}

/// What the command line shows the services.
struct Credentials: ParsableArguments {
  @Option(
    help: """
      The token to call with, whatever the command; ANJU_TOKEN where it is not given. Without \
      either, each call has a token of the development key.
      """)
  var token: String?

  @OptionGroup var keys: KeyPlace

  /// A token for a call by `caller`: the one that was given, or one of the development key.
  func token(for caller: Caller) throws -> String {
    if let given = self.token ?? environment("ANJU_TOKEN") { return given }
    let claims = TokenClaims(
      subject: caller.id, kind: caller.kind.rawValue, role: caller.role, office: caller.office)
    return try self.keys.token(claims, minutes: Self.minutes)
  }

  /// How long a token holds that the command line makes for itself, in minutes.
  private static let minutes = 60
}

/// Where the key lies that tokens are signed with, and who signs.
struct KeyPlace: ParsableArguments {
  @Option(
    help: """
      The folder of the development key, which is made where it is not there; ANJU_KEYS where it \
      is not given.
      """)
  var keys: String?

  @Option(
    help: """
      Who signs (iss): what tokens.issuer of the services says. ANJU_ISSUER where it is not given; \
      without either, the issuer of the embedded default.
      """)
  var issuer: String?

  /// The key, which is made where it is not there.
  func key() throws -> TokenSigningKey {
    try DevelopmentKey.load(directory: self.keys ?? environment("ANJU_KEYS") ?? ".anju/keys")
  }

  /// A token of the key.
  func token(_ claims: TokenClaims, minutes: Int) throws -> String {
    var purpose = DevelopmentKey.purpose
    if let issuer = self.issuer ?? environment("ANJU_ISSUER") { purpose.issuer = issuer }
    return try JSONWebToken.signed(
      claims, for: purpose, from: .present, lifetimeMs: Int64(minutes) * 60_000, by: self.key())
  }
}
