import ArgumentParser
import Crypto
import ToolKit

/// Prints the public half of the key that the command line signs tokens with.
struct TokenKeys: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "token-keys",
    abstract: "Print the public keys that tokens of this command line are verified with.",
    discussion: """
      A JWK Set, for the setting tokens.keys of services that others reach and that therefore do \
      not believe the development key. Their tokens.issuer is then the --issuer of `anju token`. \
      Whoever can read the private half may call as anybody: this is a login platform for a trial.
      """)

  @OptionGroup var place: KeyPlace

  func run() throws {
    print(String(decoding: try self.place.key().publicKeySet, as: UTF8.self))
  }
}
