public import DomainModel

/// All certificates that are not to be accepted at an instant, signed, so that they can be told
/// apart where there is no network. It shows no identifier: a certificate stands in it by a mark,
/// the first 56 bits of the SM3 hash of its identifier.
///
/// A certificate that is not listed is never taken for one that is, but for marks that are equal by
/// chance: with `count` marks in the snapshot, `count` · 2⁻⁵⁶ for each certificate asked about, 1.4
/// in 100,000 million with a million. One that is listed is always found.
public struct RevocationSnapshot: Hashable, Sendable {
  /// What a snapshot is of.
  public struct Head: Hashable, Sendable {
    /// Which log.
    public let logID: String
    /// How many leaves of it the snapshot covers.
    public let treeSize: Int
    /// The instant whose state it shows.
    public let at: Timestamp
    /// When the next one is there at the latest: from then on this one is too old.
    public let nextUpdateAt: Timestamp
    /// Which key signs.
    public let keyID: String

    /// A head. Nil for ids that are no words, a size that no log has, an instant before 1970, and
    /// an update that is not after it.
    public init?(
      logID: String, treeSize: Int, at: Timestamp, nextUpdateAt: Timestamp, keyID: String
    ) {
      let instants = 0..<(Int64(1) << 48)
      guard isWord(logID, charactersMax: TreeHead.logIDCharactersMax),
        isWord(keyID, charactersMax: TrustedKey.idCharactersMax),
        (0...TreeSize.leavesMax).contains(treeSize), instants.contains(at.milliseconds),
        instants.contains(nextUpdateAt.milliseconds), at < nextUpdateAt
      else { return nil }
      self.logID = logID
      self.treeSize = treeSize
      self.at = at
      self.nextUpdateAt = nextUpdateAt
      self.keyID = keyID
    }
  }

  /// What it is of.
  public let head: Head
  /// The marks of each reason, ascending and none twice.
  let marks: [RevocationReason: [UInt64]]

  /// The most certificates of a snapshot.
  public static let countMax = 10_000_000
  /// The most bytes of a snapshot; a million certificates have 4.7 MB.
  public static let bytesMax = 64 << 20

  /// A snapshot of these certificates; nil where there are more than `countMax`.
  public init?(_ head: Head, of revocations: some Sequence<Revocation>) {
    var list = RevocationList()
    for revocation in revocations {
      guard list.add(revocation) else { return nil }
    }
    self.init(head, of: list)
  }

  init(_ head: Head, marks: [RevocationReason: [UInt64]]) {
    self.head = head
    self.marks = marks.filter { !$0.value.isEmpty }
  }

  /// How many certificates it has.
  public var count: Int { self.marks.values.reduce(0) { $0 + $1.count } }

  /// Why a certificate is not to be accepted, the first of the reasons where there are several; nil
  /// where it is not listed.
  public func reason(for identifier: CertificateIdentifier) -> RevocationReason? {
    let mark = RevocationMark.of(identifier)
    return RevocationReason.allCases.first { self.holds(mark, for: $0) }
  }

  private func holds(_ mark: UInt64, for reason: RevocationReason) -> Bool {
    guard let marks = self.marks[reason] else { return false }
    var low = 0
    var high = marks.count
    while low < high {
      let middle = (low + high) / 2
      if marks[middle] < mark { low = middle + 1 } else { high = middle }
    }
    return low < marks.count && marks[low] == mark
  }
}

/// A snapshot with its signature, as one file.
public struct SignedSnapshot: Hashable, Sendable {
  /// What is signed.
  public let snapshot: RevocationSnapshot
  /// SM2 with SM3 over `snapshot.signedBytes`, DER.
  public let signature: [UInt8]

  /// A snapshot and its signature, which nothing has checked.
  /// A signature of no bytes or of more than 72 is a broken promise.
  public init(_ snapshot: RevocationSnapshot, signature: [UInt8]) {
    precondition((1...TrustedKey.signatureBytesMax).contains(signature.count), "no signature")
    self.snapshot = snapshot
    self.signature = signature
  }
}
