import TestSupport
import Testing

@testable import PermitProof

/// The tree by its definition alone (RFC 9162, 2.1.1, 2.1.3.1, 2.1.4.1), recursive and slow.
private enum Definition {
  static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
    guard let first = leaves.first else { return .empty }
    if leaves.count == 1 { return first }
    let (left, right) = Self.halves(leaves)
    return TreeHash.node(Self.root(left), Self.root(right))
  }

  static func path(_ index: Int, _ leaves: ArraySlice<TreeHash>) -> [TreeHash] {
    if leaves.count <= 1 { return [] }
    let (left, right) = Self.halves(leaves)
    return index < left.count
      ? Self.path(index, left) + [Self.root(right)]
      : Self.path(index - left.count, right) + [Self.root(left)]
  }

  static func proof(
    _ earlier: Int, _ leaves: ArraySlice<TreeHash>, isWhole: Bool = true
  ) -> [TreeHash] {
    if earlier == leaves.count { return isWhole ? [] : [Self.root(leaves)] }
    let (left, right) = Self.halves(leaves)
    return earlier <= left.count
      ? Self.proof(earlier, left, isWhole: isWhole) + [Self.root(right)]
      : Self.proof(earlier - left.count, right, isWhole: false) + [Self.root(left)]
  }

  private static func halves(
    _ leaves: ArraySlice<TreeHash>
  ) -> (ArraySlice<TreeHash>, ArraySlice<TreeHash>) {
    var split = 1
    while split * 2 < leaves.count { split *= 2 }
    return (leaves.prefix(split), leaves.dropFirst(split))
  }
}

/// A tree with its nodes as a database would keep them.
private struct StoredTree {
  var frontier = Frontier()
  var nodes: [TreePlace: TreeHash] = [:]
  var leaves: [TreeHash] = []

  init(_ size: Int) {
    for number in 0..<size { self.append(Self.leaf(number)) }
  }

  static func leaf(_ number: Int) -> TreeHash {
    TreeHash.leaf(Array("record \(number)".utf8), salt: Self.salt)
  }

  mutating func append(_ leaf: TreeHash) {
    self.leaves.append(leaf)
    for node in self.frontier.append(leaf) {
      let before = self.nodes.updateValue(node.hash, forKey: node.place)
      precondition(before == nil, "a node was made twice")
    }
  }

  func root(_ size: Int) -> TreeHash { Definition.root(self.leaves[..<size]) }

  static let salt = LeafSalt([UInt8](repeating: 7, count: 16)) ?? LeafSalt(random: SeededRandom())
}

@Suite struct MerkleTests {
  private static let sizeMax = 200

  @Test func `the root of any size is that of the definition`() throws {
    var tree = StoredTree(0)
    #expect(tree.frontier.root == .empty)
    for size in 1...300 {
      tree.append(StoredTree.leaf(size))
      #expect(tree.frontier.root == tree.root(size), "size \(size)")
      #expect(tree.nodes.count == 2 * size - size.nonzeroBitCount)
      let again = try Frontier(size: size) { tree.nodes[$0] }
      #expect(again == tree.frontier)
    }
  }

  @Test func `every leaf's path in every size is that of the definition, and verifies`() throws {
    let tree = StoredTree(Self.sizeMax)
    // Every size up to 70, which crosses each power of two; above, some of them.
    for size in Array(1...70) + [127, 128, 129, 200] {
      let root = tree.root(size)
      for index in 0..<size {
        let path = try InclusionPath(of: index, size: size) { tree.nodes[$0] }
        #expect(path.hashes == Definition.path(index, tree.leaves[..<size]))
        try path.verify(tree.leaves[index], root: root)
        #expect(throws: TreeDefect.rootWrong) { try path.verify(.empty, root: root) }
      }
    }
  }

  @Test func `the proof between any two sizes is that of the definition, and verifies`() throws {
    let tree = StoredTree(Self.sizeMax)
    let roots = (0...Self.sizeMax).map(tree.root)
    for later in Array(1...70) + [127, 128, 129, 200] {
      for earlier in 1...later {
        let proof = try ConsistencyProof(from: earlier, to: later) { tree.nodes[$0] }
        #expect(proof.hashes == Definition.proof(earlier, tree.leaves[..<later]))
        try proof.verify(earlierRoot: roots[earlier], laterRoot: roots[later])
        #expect(throws: TreeDefect.rootWrong) {
          try proof.verify(earlierRoot: .empty, laterRoot: roots[later])
        }
        #expect(throws: TreeDefect.rootWrong) {
          try proof.verify(earlierRoot: roots[earlier], laterRoot: .empty)
        }
      }
    }
  }

  @Test func `random sizes up to some thousands agree with the definition`() throws {
    let random = SeededRandom(seed: 20)
    var generator = random
    let tree = StoredTree(3_000)
    for _ in 0..<12 {
      let later = Int.random(in: 1...3_000, using: &generator)
      let earlier = Int.random(in: 1...later, using: &generator)
      let index = Int.random(in: 0..<later, using: &generator)
      let path = try InclusionPath(of: index, size: later) { tree.nodes[$0] }
      #expect(path.hashes == Definition.path(index, tree.leaves[..<later]))
      try path.verify(tree.leaves[index], root: tree.root(later))
      let proof = try ConsistencyProof(from: earlier, to: later) { tree.nodes[$0] }
      #expect(proof.hashes == Definition.proof(earlier, tree.leaves[..<later]))
      try proof.verify(earlierRoot: tree.root(earlier), laterRoot: tree.root(later))
    }
  }

  @Test func `a tree of 2^48 leaves is proved by few reads`() throws {
    var generator = SeededRandom(seed: 48)
    let leaf = StoredTree.leaf(0)
    // All leaves alike: then a node is known by its level.
    var levels = [leaf]
    for _ in 0..<48 {
      levels.append(TreeHash.node(levels[levels.count - 1], levels[levels.count - 1]))
    }
    let tops = [1 << 48, (1 << 48) - 1, (1 << 47) + 1]
    let drawn = (0..<40).map { _ in Int.random(in: 1...(1 << 48), using: &generator) }
    for size in tops + drawn {
      var reads = 0
      let node = { (place: TreePlace) -> TreeHash? in
        reads += 1
        precondition((place.index + 1) << place.level <= size, "an incomplete node was read")
        return levels[place.level]
      }
      let root = try Frontier(size: size, node: node).root
      let earlier = Int.random(in: 1...size, using: &generator)
      let earlierRoot = try Frontier(size: earlier, node: node).root
      reads = 0
      let path = try InclusionPath(of: earlier - 1, size: size, node: node)
      #expect(reads <= 96)
      #expect(path.hashes.count <= TreeSize.pathMax)
      try path.verify(leaf, root: root)
      reads = 0
      let proof = try ConsistencyProof(from: earlier, to: size, node: node)
      #expect(reads <= 96)
      #expect(proof.hashes.count <= TreeSize.pathMax)
      try proof.verify(earlierRoot: earlierRoot, laterRoot: root)
    }
  }
}

@Suite struct MerkleRefusalTests {
  private let tree = StoredTree(13)

  private func path(_ change: (inout [TreeHash]) -> Void) throws -> InclusionPath {
    let right = try InclusionPath(of: 5, size: 13) { self.tree.nodes[$0] }
    var hashes = right.hashes
    change(&hashes)
    return InclusionPath(index: 5, size: 13, hashes: hashes)
  }

  private func refusal(_ path: InclusionPath) -> TreeDefect? {
    do throws(TreeDefect) {
      try path.verify(self.tree.leaves[5], root: self.tree.root(13))
      return nil
    } catch {
      return error
    }
  }

  @Test func `a path of another length, order or place is refused`() throws {
    #expect(self.refusal(try self.path { _ in }) == nil)
    #expect(self.refusal(try self.path { $0.removeLast() }) == .lengthWrong)
    #expect(self.refusal(try self.path { $0.removeAll() }) == .lengthWrong)
    #expect(self.refusal(try self.path { $0.append(.empty) }) == .lengthWrong)
    #expect(self.refusal(try self.path { $0.removeFirst() }) == .lengthWrong)
    #expect(self.refusal(try self.path { $0.swapAt(0, 1) }) == .rootWrong)
    #expect(self.refusal(try self.path { $0[2] = .empty }) == .rootWrong)
    let many = [TreeHash](repeating: .empty, count: 10_000)
    #expect(self.refusal(try self.path { $0 = many }) == .lengthWrong)
    let hashes = try self.path { _ in }.hashes
    for index in 0..<13 where index != 5 {
      #expect(self.refusal(InclusionPath(index: index, size: 13, hashes: hashes)) != nil)
    }
  }

  @Test func `sizes that are none and leaves beyond them are refused`() throws {
    func refusal(_ index: Int, _ size: Int) -> TreeDefect? {
      self.refusal(InclusionPath(index: index, size: size, hashes: []))
    }
    #expect(refusal(0, 0) == .sizeZero)
    #expect(refusal(0, -1) == .sizeOutOfBounds)
    #expect(refusal(0, (1 << 48) + 1) == .sizeOutOfBounds)
    #expect(refusal(0, .max) == .sizeOutOfBounds)
    #expect(refusal(13, 13) == .leafBeyondSize)
    #expect(refusal(-1, 13) == .leafBeyondSize)
    #expect(throws: TreeDefect.sizeZero) { try InclusionPath(of: 0, size: 0) { _ in nil } }
    #expect(throws: TreeDefect.leafBeyondSize) { try InclusionPath(of: 4, size: 4) { _ in nil } }
    #expect(throws: TreeDefect.nodeMissing(TreePlace(level: 1, index: 1))) {
      try InclusionPath(of: 0, size: 4) { $0.level == 1 ? nil : .empty }
    }
    #expect(throws: TreeDefect.sizeOutOfBounds) { try Frontier(size: -1) { _ in nil } }
  }

  @Test func `a consistency proof of another length, order or size is refused`() throws {
    let roots = (0...13).map(self.tree.root)
    func refusal(_ earlier: Int, _ later: Int, _ hashes: [TreeHash]) -> TreeDefect? {
      do throws(TreeDefect) {
        try ConsistencyProof(earlier: earlier, later: later, hashes: hashes)
          .verify(earlierRoot: roots[min(max(earlier, 0), 13)], laterRoot: roots[13])
        return nil
      } catch {
        return error
      }
    }
    for earlier in 1...12 {
      let right = try ConsistencyProof(from: earlier, to: 13) { self.tree.nodes[$0] }.hashes
      #expect(refusal(earlier, 13, right) == nil)
      #expect(refusal(earlier, 13, right + [.empty]) == .lengthWrong)
      #expect(refusal(earlier, 13, right.dropLast()) != nil)
      #expect(refusal(earlier, 13, []) == .lengthWrong)
      var swapped = right
      swapped.swapAt(0, right.count - 1)
      #expect(refusal(earlier, 13, swapped) == (right.count > 1 ? .rootWrong : nil))
    }
    #expect(refusal(13, 13, []) == nil)
    #expect(refusal(13, 13, [.empty]) == .lengthWrong)
    #expect(refusal(0, 13, []) == .sizeZero)
    #expect(refusal(14, 13, []) == .sizesReversed)
    #expect(refusal(-1, 13, []) == .sizeOutOfBounds)
    #expect(refusal(5, 13, [TreeHash](repeating: .empty, count: 10_000)) == .lengthWrong)
  }

  @Test func `a leaf is bound to its salt and never taken for a node`() throws {
    let salt = StoredTree.salt
    let leaf = TreeHash.leaf([1], salt: salt)
    let other = try #require(LeafSalt([UInt8](repeating: 8, count: 16)))
    #expect(leaf != TreeHash.leaf([1], salt: other))
    #expect(LeafSalt([UInt8](repeating: 8, count: 15)) == nil)
    #expect(LeafSalt([UInt8](repeating: 8, count: 17)) == nil)
    #expect(TreeHash([UInt8](repeating: 8, count: 31)) == nil)
    // What stands under a node, put in a leaf's place, is another hash.
    let node = TreeHash.node(leaf, leaf)
    let half = try #require(LeafSalt(Array(leaf.bytes.prefix(16))))
    #expect(TreeHash.leaf(Array(leaf.bytes.dropFirst(16)) + leaf.bytes, salt: half) != node)
  }
}
