/// The proof that a tree was only appended to: that the leaves of an earlier one are the first of a
/// later one (RFC 9162, 2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
  /// How many leaves the earlier tree has.
  public let earlier: Int
  /// How many leaves the later tree has.
  public let later: Int
  /// The hashes; none where the sizes are equal.
  public let hashes: [TreeHash]

  /// A proof as it was sent; `verify` judges it.
  public init(earlier: Int, later: Int, hashes: [TreeHash]) {
    self.earlier = earlier
    self.later = later
    self.hashes = hashes
  }

  /// The proof between two sizes of a stored tree, read by at most 96 calls of `node`. Throws
  /// `TreeDefect`, and what `node` throws.
  public init(
    from earlier: Int, to later: Int, node: (TreePlace) throws -> TreeHash?
  ) throws {
    try Self.check(earlier, later)
    var start = 0
    var count = later
    var rest = earlier
    // Whether the earlier tree's leaves from `start` on began at the first: then its root is known.
    var isWhole = true
    var hashes: [TreeHash] = []
    while rest < count {
      let left = TreeShape.split(count)
      if rest <= left {
        hashes.append(
          try TreeShape.root(from: start + left, count: count - left, by: node))
        count = left
      } else {
        hashes.append(try TreeShape.root(from: start, count: left, by: node))
        start += left
        count -= left
        rest -= left
        isWhole = false
      }
    }
    if !isWhole { hashes.append(try TreeShape.root(from: start, count: count, by: node)) }
    self.init(earlier: earlier, later: later, hashes: hashes.reversed())
  }

  /// Throws unless the later tree with `laterRoot` begins with the earlier one with `earlierRoot`
  /// (RFC 9162, 2.1.4.2).
  public func verify(
    earlierRoot: TreeHash, laterRoot: TreeHash
  ) throws(TreeDefect) {
    try Self.check(self.earlier, self.later)
    guard self.hashes.count <= TreeSize.pathMax else { throw .lengthWrong }
    if self.earlier == self.later {
      guard self.hashes.isEmpty else { throw .lengthWrong }
      guard earlierRoot == laterRoot else { throw .rootWrong }
      return
    }
    // Up to the biggest subtree that ends where the earlier tree does.
    var node = self.earlier - 1
    var last = self.later - 1
    while node % 2 == 1 {
      node >>= 1
      last >>= 1
    }
    // Where that subtree is the whole earlier tree, its root is not sent.
    let isWhole = node == 0
    guard let first = isWhole ? earlierRoot : self.hashes.first else { throw .lengthWrong }
    var early = first
    var late = first
    for beside in isWhole ? self.hashes[...] : self.hashes.dropFirst() {
      guard last > 0 else { throw .lengthWrong }
      if node % 2 == 1 || node == last {
        early = TreeHash.node(beside, early)
        late = TreeHash.node(beside, late)
        while node % 2 == 0 && node != 0 {
          node >>= 1
          last >>= 1
        }
      } else {
        late = TreeHash.node(late, beside)
      }
      node >>= 1
      last >>= 1
    }
    guard last == 0 else { throw .lengthWrong }
    guard early == earlierRoot, late == laterRoot else { throw .rootWrong }
  }

  private static func check(_ earlier: Int, _ later: Int) throws(TreeDefect) {
    if earlier == 0 || later == 0 { throw .sizeZero }
    let bounds = 1...TreeSize.leavesMax
    guard bounds.contains(earlier), bounds.contains(later) else { throw .sizeOutOfBounds }
    guard earlier <= later else { throw .sizesReversed }
  }
}
