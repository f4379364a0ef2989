/// How a tree of any size is made up of perfect subtrees (RFC 9162, 2.1.1: the left part of `n`
/// leaves has the greatest power of two below `n`).
enum TreeShape {
  /// The greatest power of two below a number of at least 2.
  static func split(_ count: Int) -> Int {
    1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
  }

  /// The perfect subtrees over the leaves from `start` on, the biggest first. `start` is a multiple
  /// of the greatest power of two in `count`, as it is wherever a tree is split.
  static func peaks(from start: Int, count: Int) -> [TreePlace] {
    var places: [TreePlace] = []
    var next = start
    var rest = count
    while rest > 0 {
      let level = Int.bitWidth - 1 - rest.leadingZeroBitCount
      places.append(TreePlace(level: level, index: next >> level))
      next += 1 << level
      rest -= 1 << level
    }
    return places
  }

  /// The root over perfect subtrees' roots, the smallest two together first.
  static func root(over peaks: [TreeHash]) -> TreeHash {
    guard var root = peaks.last else { return .empty }
    for peak in peaks.dropLast().reversed() { root = TreeHash.node(peak, root) }
    return root
  }

  /// The root over some leaves of a stored tree: one read for a perfect subtree, else at most 48.
  static func root(
    from start: Int, count: Int, by node: (TreePlace) throws -> TreeHash?
  ) throws -> TreeHash {
    let peaks = try Self.peaks(from: start, count: count).map { try Self.read($0, by: node) }
    return Self.root(over: peaks)
  }

  /// A node that must be there.
  static func read(
    _ place: TreePlace, by node: (TreePlace) throws -> TreeHash?
  ) throws -> TreeHash {
    guard let hash = try node(place) else { throw TreeDefect.nodeMissing(place) }
    return hash
  }
}
