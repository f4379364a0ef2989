import ArgumentParser
import Crypto
import DomainModel
import Foundation
import PermitProof
import ToolKit
import Wire

/// Fetches a signed head of the registry's log, and makes whoever keeps it a witness.
struct Head: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Fetch a signed head of the registry's log, to keep it as a witness.",
    discussion: """
      Keep heads where the registry cannot reach them. With --after FILE the registry must prove \
      that since the head in the file its log was only appended to; run it every day like that, and \
      nothing can be taken back any more without it being seen.

      anju head --save head.json --key registry.sm2.pub.pem
      anju head --after head.json --save head.json --key registry.sm2.pub.pem

      Exits 1 where the registry cannot prove it, and saves nothing.
      """)

  @Option(help: "A file to save the head into.")
  var save: String?

  @Option(help: "A head that was saved before.")
  var after: String?

  @OptionGroup var trust: TrustOptions

  @OptionGroup var addresses: Addresses

  func run() async throws {
    let ring = try self.trust.ring()
    try await self.addresses.withServices { services in
      let options = try services.options(as: .auditor)
      let answer = try await services.registry.getTreeHead(
        RegistryV1.GetTreeHeadRequest(), options: options)
      let head = try Self.checked(answer.head, by: ring)
      if let after {
        let bytes = try InputFile.bytes(after, max: SignedTreeHead.bytesMax) ?? []
        guard let kept = try? SignedTreeHead(canonicalBytes: bytes) else {
          throw ValidationError("\(after) is no signed tree head.")
        }
        let proof = try await services.registry.getConsistencyProof(
          RegistryV1.GetConsistencyProofRequest(
            firstTreeSize: Int64(kept.head.size), secondTreeSize: Int64(head.head.size)),
          options: options)
        try Self.check(proof.path, from: kept.head, to: head.head)
      }
      if let save {
        try Data(head.canonicalBytes).write(to: URL(fileURLWithPath: save), options: .atomic)
      }
      let view = HeadView(head.head)
      try Output(json: self.addresses.json).show(view, view.sentence)
    }
  }

  /// The head that was answered, if a trusted key has signed it.
  private static func checked(
    _ wire: RegistryV1.TreeHead?, by ring: SigningKeyRing
  ) throws -> SignedTreeHead {
    guard let wire, (1...TrustedKey.signatureBytesMax).contains(wire.signature.count),
      let head = try? TreeHead(canonicalBytes: wire.head)
    else { throw Refused("The registry answered with no tree head.") }
    guard let key = ring[head.keyID],
      try key.key.verify(wire.signature, of: head.canonicalBytes)
    else { throw Refused("The head is not signed by a trusted key.") }
    return SignedTreeHead(head, signature: wire.signature)
  }

  private static func check(
    _ path: [[UInt8]], from earlier: TreeHead, to later: TreeHead
  ) throws {
    let proof = ConsistencyProof(
      earlier: earlier.size, later: later.size, hashes: path.compactMap { TreeHash($0) })
    guard earlier.logID == later.logID,
      (try? proof.verify(earlierRoot: earlier.root, laterRoot: later.root)) != nil
    else {
      throw Refused(
        "The registry cannot prove that its log of \(later.size) leaves begins with the "
          + "\(earlier.size) that were kept: run `anju audit --witness` on its store.")
    }
  }

  /// Ends the command with a sentence and exit code 1.
  private struct Refused: Error, CustomStringConvertible {
    let description: String

    init(_ text: String) { self.description = text }
  }
}

/// A head as the command line shows it.
struct HeadView: Encodable {
  let logId: String
  let treeSize: Int
  let root: String
  let atMs: Int64
  let keyId: String

  init(_ head: TreeHead) {
    self.logId = head.logID
    self.treeSize = head.size
    self.root = Hex.encode(head.root.bytes)
    self.atMs = head.at.milliseconds
    self.keyId = head.keyID
  }

  var sentence: String {
    "\(self.treeSize) leaves as of \(local(self.atMs)), root \(self.root), signed by \(self.keyId)"
  }
}
