import ArgumentParser
import Crypto
import DomainModel
import Foundation
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
    if let given = self.token ?? ProcessInfo.processInfo.environment["ANJU_TOKEN"] { return given }
    let claims = TokenClaims(
      subject: caller.id, kind: caller.kind.rawValue, role: caller.role, office: caller.office)
    return try self.keys.token(claims, minutes: Self.minutes)
  }

  /// How long a token holds that the command line makes for itself, in minutes.
  private static let minutes = 60
}

/// Where the development key lies.
struct KeyPlace: ParsableArguments {
  @Option(
    help: """
      The folder of the development key, which is made where it is not there; ANJU_KEYS where it \
      is not given.
      """)
  var keys: String?

  /// A token of the development key.
  func token(_ claims: TokenClaims, minutes: Int) throws -> String {
    let folder = self.keys ?? ProcessInfo.processInfo.environment["ANJU_KEYS"] ?? ".anju/keys"
    return try DevelopmentKey.token(
      claims, from: .present, lifetimeMs: Int64(minutes) * 60_000,
      by: DevelopmentKey.load(directory: folder))
  }
}
