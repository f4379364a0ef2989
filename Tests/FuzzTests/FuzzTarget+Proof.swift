import PermitProof

// What strangers hand in to be verified: what is read is written as the same bytes.
extension FuzzTarget {
  /// A permit's document.
  static let document = FuzzTarget(name: "document") { input in
    guard let read = try? PermitDocument(canonicalBytes: input) else { return }
    try FuzzFailure.unless(read.canonicalBytes == input, "a document changes")
  }

  /// A log's record with its path.
  static let proof = FuzzTarget(name: "proof") { input in
    guard let read = try? InclusionProof(canonicalBytes: input) else { return }
    try FuzzFailure.unless(read.canonicalBytes == input, "a proof changes")
    // Whatever its sizes are, it is judged.
    let root = read.record.leaf(salt: read.salt)
    let isRoot = (try? read.path.verify(root, root: root)) != nil
    try FuzzFailure.unless(!isRoot || read.path.size == 1, "a leaf is the root of more")
  }

  /// A signed tree head.
  static let treeHead = FuzzTarget(name: "tree-head") { input in
    guard let read = try? SignedTreeHead(canonicalBytes: input) else { return }
    try FuzzFailure.unless(read.canonicalBytes == input, "a head changes")
  }

  /// A snapshot of revocations.
  static let snapshot = FuzzTarget(name: "snapshot") { input in
    guard let read = try? SignedSnapshot(bytes: input) else { return }
    try FuzzFailure.unless(read.bytes == input, "a snapshot changes")
    try FuzzFailure.unless(read.snapshot.count <= input.count, "marks come from nowhere")
  }

  /// A QR code's text.
  static let code = FuzzTarget(name: "code") { input in
    let text = String(decoding: input, as: UTF8.self)
    guard let read = try? SignedCode(text: text) else { return }
    try FuzzFailure.unless(read.text == text, "a code changes")
  }
}
