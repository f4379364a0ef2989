import Crypto
import PermitProof
import TestSupport

/// A log, and what is proved of it, in hexadecimal digits.
struct TreeFixture: Encodable {
  struct Leaf: Encodable {
    let salt: String
    /// The canonical record.
    let record: String
  }

  struct Path: Encodable {
    let index: Int
    let size: Int
    let hashes: [String]
  }

  struct Proof: Encodable {
    let earlier: Int
    let later: Int
    let hashes: [String]
  }

  let leaves: [Leaf]
  /// By size, from 0.
  let roots: [String]
  let paths: [Path]
  let proofs: [Proof]

  init(_ registry: SampleRegistry, _ issued: [SampleRegistry.Issued]) throws {
    let node = { (place: TreePlace) in registry.nodes[place] }
    let sizes = 1...issued.count
    self.leaves = issued.map {
      Leaf(
        salt: Hex.encode($0.salt.bytes),
        record: String(decoding: $0.record.canonicalBytes, as: UTF8.self))
    }
    self.roots =
      [Hex.encode(TreeHash.empty.bytes)]
      + (try sizes.map { Hex.encode(try Frontier(size: $0, node: node).root.bytes) })
    self.paths = try sizes.flatMap { size in
      try (0..<size).map { index in
        let path = try InclusionPath(of: index, size: size, node: node)
        return Path(index: index, size: size, hashes: path.hashes.map { Hex.encode($0.bytes) })
      }
    }
    self.proofs = try sizes.flatMap { later in
      try (1...later).map { earlier in
        let proof = try ConsistencyProof(from: earlier, to: later, node: node)
        return Proof(
          earlier: earlier, later: later, hashes: proof.hashes.map { Hex.encode($0.bytes) })
      }
    }
  }
}
