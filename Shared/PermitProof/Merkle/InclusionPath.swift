/// The proof that a leaf stands at its index in a tree (RFC 9162, 2.1.3): the hashes beside the way
/// from the leaf to the root, the leaf's neighbour first.
public struct InclusionPath: Hashable, Sendable {
  /// The leaf's index, from 0.
  public let index: Int
  /// How many leaves the tree has.
  public let size: Int
  /// The hashes.
  public let hashes: [TreeHash]

  /// A path as it was sent; `verify` judges it.
  public init(index: Int, size: Int, hashes: [TreeHash]) {
    self.index = index
    self.size = size
    self.hashes = hashes
  }

  /// The path of a stored tree's leaf, read by at most 96 calls of `node`. Throws `TreeDefect`, and
  /// what `node` throws.
  public init(
    of index: Int, size: Int, node: (TreePlace) throws -> TreeHash?
  ) throws {
    try Self.check(index, size)
    var start = 0
    var count = size
    // From the root down; each part that the leaf is not in gives one hash.
    var hashes: [TreeHash] = []
    while count > 1 {
      let left = TreeShape.split(count)
      if index < start + left {
        hashes.append(
          try TreeShape.root(from: start + left, count: count - left, by: node))
        count = left
      } else {
        hashes.append(try TreeShape.root(from: start, count: left, by: node))
        start += left
        count -= left
      }
    }
    self.init(index: index, size: size, hashes: hashes.reversed())
  }

  /// Throws unless the path leads from the leaf to the root of the tree of `size` leaves
  /// (RFC 9162, 2.1.3.2).
  public func verify(_ leaf: TreeHash, root: TreeHash) throws(TreeDefect) {
    try Self.check(self.index, self.size)
    guard self.hashes.count <= TreeSize.pathMax else { throw .lengthWrong }
    // The node on the way and the last node, each by its index in its level.
    var node = self.index
    var last = self.size - 1
    var hash = leaf
    for beside in self.hashes {
      guard last > 0 else { throw .lengthWrong }
      if node % 2 == 1 || node == last {
        hash = TreeHash.node(beside, hash)
        // A last node without a neighbour goes up as it is.
        while node % 2 == 0 && node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        hash = TreeHash.node(hash, beside)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw .lengthWrong }
    guard hash == root else { throw .rootWrong }
  }

  private static func check(_ index: Int, _ size: Int) throws(TreeDefect) {
    if size == 0 { throw .sizeZero }
    guard (1...TreeSize.leavesMax).contains(size) else { throw .sizeOutOfBounds }
    guard (0..<size).contains(index) else { throw .leafBeyondSize }
  }
}
