import ArgumentParser
import Crypto
import Foundation
import ToolKit

/// Puts a new signing key in the place of the registry's.
struct RotateSigningKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate-signing-key",
    abstract: "Give the registry a new key to sign with, which the one it has names.",
    discussion: """
      Works on the registry's key folder, with no service running or while they run. The earlier \
      private key is gone afterwards; what it signed stays verifiable. Start the registry's \
      processes anew: from the first one that signs with the new key on, the others sign nothing \
      more and answer ISSUING_STOPPED until they are started anew, too. Where the key's file is \
      encrypted, its passphrase is read from REGISTRY_KEYS_PASSPHRASE.
      """)

  @Option(help: "The registry's key folder.")
  var keys = ".anju/keys"

  @Flag(help: "Answer as JSON, a line an object.")
  var json = false

  func run() throws {
    let place = KeyRing.Place(
      directory: self.keys, service: "registry", signs: true,
      passphrase: ProcessInfo.processInfo.environment["REGISTRY_KEYS_PASSPHRASE"])
    let word = try KeyRing.rotateSigningKey(place)
    let later = try SM2PublicKey(pem: word.laterPEM).name()
    try Output(json: self.json).show(
      ["earlier": word.earlier, "later": later],
      "\(word.earlier) is followed by \(later): start the registry anew")
  }
}
