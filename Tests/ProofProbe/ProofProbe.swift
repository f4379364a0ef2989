import Crypto
import DomainModel
import Foundation
import PermitProof
import TestSupport

/// Writes what a verifier that is not ours checks: `ProofProbe FOLDER` fills the folder with
///
/// - `tree.json`: leaves, roots, inclusion paths and consistency proofs of a tree;
/// - `permit` and `other`: the files that prove two permits, as `anju verify` takes them;
/// - `keys`: a folder to trust;
/// - `code.txt` and `suspended.txt`: texts of QR codes of the first permit; `code.signed` and
///   `code.der`: what of the first of them is signed, and its signature;
/// - `snapshots`: one for each reason to revoke the first permit, and one that lists others.
@main
enum ProofProbe {
  static func main() throws {
    precondition(CommandLine.arguments.count == 2, "usage: ProofProbe FOLDER")
    let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
    let registry = try SampleRegistry(seed: 7)
    let issued = try (0..<100).map { try registry.issue($0) }
    try Self.write(try TreeFixture(registry, issued), to: folder.appending(path: "tree.json"))
    try Self.write(registry, issued[41], to: folder.appending(path: "permit"))
    try Self.write(registry, issued[42], to: folder.appending(path: "other"))
    try Self.writeKeys(of: registry, to: folder.appending(path: "keys"))
    try Self.writeSnapshots(registry, issued[41], to: folder.appending(path: "snapshots"))
    let code = try registry.code(of: issued[41])
    try Self.write(Array(code.text.utf8), to: folder.appending(path: "code.txt"))
    try Self.write(code.code.signedBytes, to: folder.appending(path: "code.signed"))
    try Self.write(code.signature, to: folder.appending(path: "code.der"))
    let suspended = try registry.code(
      of: issued[41], suspendedFrom: CivilDate(of: SampleRegistry.now))
    try Self.write(Array(suspended.text.utf8), to: folder.appending(path: "suspended.txt"))
  }

  private static func write(
    _ registry: SampleRegistry, _ issued: SampleRegistry.Issued, to folder: URL
  ) throws {
    let head = try registry.head()
    try Self.write(issued.document.canonicalBytes, to: folder.appending(path: "document.json"))
    try Self.write(issued.signature, to: folder.appending(path: "signature.der"))
    let pem = try registry.key.publicKey().pem()
    try Self.write(Array(pem.utf8), to: folder.appending(path: "key.pem"))
    try Self.write(
      try registry.proof(of: issued).canonicalBytes, to: folder.appending(path: "proof.json"))
    try Self.write(head.canonicalBytes, to: folder.appending(path: "head.json"))
    try Self.write(head.head.canonicalBytes, to: folder.appending(path: "head.signed"))
    try Self.write(head.signature, to: folder.appending(path: "head.der"))
  }

  private static func writeKeys(of registry: SampleRegistry, to folder: URL) throws {
    let pem = try registry.key.publicKey().pem()
    try Self.write(Array(pem.utf8), to: folder.appending(path: "registry.pem"))
    let list = "\(registry.keyID)\t2026-01-01\t2026-12-31\tregistry.pem\n"
    try Self.write(Array(list.utf8), to: folder.appending(path: "keys.tsv"))
  }

  private static func writeSnapshots(
    _ registry: SampleRegistry, _ issued: SampleRegistry.Issued, to folder: URL
  ) throws {
    let identifier = issued.document.naming.identifier
    let others = try (0..<50).map { _ in Revocation(try registry.identifier(), .cancelled) }
    try Self.write(try registry.snapshot(of: others).bytes, to: folder.appending(path: "good.bin"))
    for reason in RevocationReason.allCases {
      let listed = others + [Revocation(identifier, reason)]
      try Self.write(
        try registry.snapshot(of: listed).bytes, to: folder.appending(path: "\(reason).bin"))
    }
  }

  private static func write(_ fixture: TreeFixture, to file: URL) throws {
    try Self.write(Array(try JSONEncoder().encode(fixture)), to: file)
  }

  private static func write(_ bytes: [UInt8], to file: URL) throws {
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
  }
}
