/// Where a node stands that never changes any more: the one over 2^level leaves, from the one with
/// index `index` · 2^level on. Level 0 has the leaves.
public struct TreePlace: Hashable, Sendable {
  /// 0 to 48.
  public let level: Int
  /// Which of its level, from 0.
  public let index: Int

  /// A place.
  public init(level: Int, index: Int) {
    self.level = level
    self.index = index
  }
}

/// A node and its place, for whoever stores it.
public struct TreeNode: Hashable, Sendable {
  /// Where it stands.
  public let place: TreePlace
  /// Its hash.
  public let hash: TreeHash

  /// A node.
  public init(_ place: TreePlace, _ hash: TreeHash) {
    self.place = place
    self.hash = hash
  }
}

/// How big a tree may be.
public enum TreeSize {
  /// The most leaves: 2^48, which is a permit for everyone on earth each year for 30,000 years.
  public static let leavesMax = 1 << 48
  /// The longest inclusion path or consistency proof that a tree of that size gives.
  public static let pathMax = 49
}

/// Why a path was not built or does not prove what it should.
public enum TreeDefect: Error, Hashable, Sendable {
  /// A tree of no leaves, which proves nothing.
  case sizeZero
  /// A tree of more leaves than `TreeSize.leavesMax`, or of fewer than none.
  case sizeOutOfBounds
  /// The leaf's index is not below the tree's size.
  case leafBeyondSize
  /// The earlier tree is bigger than the later one.
  case sizesReversed
  /// There are more or fewer hashes than trees of these sizes need.
  case lengthWrong
  /// The hashes lead to another root.
  case rootWrong
  /// A node that the tree must have could not be read.
  case nodeMissing(TreePlace)
}
