/// The right edge of a tree: all that must be known of it for leaves to be appended and its root to
/// be told, which is at most 48 hashes.
///
/// These are the roots of the perfect subtrees that the leaves make up, the biggest and leftmost
/// first: one for each bit that is set in the size.
public struct Frontier: Hashable, Sendable {
  /// How many leaves there are.
  public private(set) var size: Int
  /// The subtrees' roots.
  public private(set) var peaks: [TreeHash]

  /// The edge of a tree without leaves.
  public init() {
    self.size = 0
    self.peaks = []
  }

  /// The edge of a stored tree, read by at most 48 calls of `node`. Throws `TreeDefect`, and what
  /// `node` throws.
  public init(size: Int, node: (TreePlace) throws -> TreeHash?) throws {
    guard (0...TreeSize.leavesMax).contains(size) else { throw TreeDefect.sizeOutOfBounds }
    self.size = size
    self.peaks = try TreeShape.peaks(from: 0, count: size).map { place in
      try TreeShape.read(place, by: node)
    }
  }

  /// Appends a leaf, and gives the nodes that are complete with it: the leaf itself, then those
  /// above it that it fills. A tree may have `TreeSize.leavesMax` leaves; one more is a broken
  /// promise.
  public mutating func append(_ leaf: TreeHash) -> [TreeNode] {
    precondition(self.size < TreeSize.leavesMax, "the log is full")
    var place = TreePlace(level: 0, index: self.size)
    var hash = leaf
    var made = [TreeNode(place, hash)]
    // The node is a right child as long as the bit of its level is set in the index.
    while place.index % 2 == 1, let left = self.peaks.popLast() {
      hash = TreeHash.node(left, hash)
      place = TreePlace(level: place.level + 1, index: place.index / 2)
      made.append(TreeNode(place, hash))
    }
    self.peaks.append(hash)
    self.size += 1
    return made
  }

  /// The root of the tree as it is now.
  public var root: TreeHash { TreeShape.root(over: self.peaks) }
}
