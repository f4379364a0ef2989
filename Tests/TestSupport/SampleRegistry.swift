public import Crypto
public import DomainModel
public import PermitProof

/// A registry in miniature: it signs permits, keeps them in a log and makes all that a stranger
/// verifies with. Everything but the signatures comes from its seed.
public final class SampleRegistry {
  /// What it made of one permit.
  public struct Issued: Sendable {
    /// The document.
    public let document: PermitDocument
    /// Its signature.
    public let signature: [UInt8]
    /// What the log says of it.
    public let record: LogRecord
    /// The salt of its leaf.
    public let salt: LeafSalt
    /// Where its leaf stands.
    public let index: Int
  }

  /// The log's id.
  public static let logID = "sample-log"
  /// When everything happens: 10:00 of 2026-03-10 in Asia/Shanghai.
  public static let now = Timestamp(milliseconds: 1_773_108_000_000)

  /// What it signs with.
  public let key: SM2PrivateKey
  /// The key's name.
  public let keyID: String
  /// The right edge of the log.
  public private(set) var frontier = Frontier()
  /// The nodes of the log, as a database would keep them.
  public private(set) var nodes: [TreePlace: TreeHash] = [:]
  private let random: SeededRandom

  /// A registry with a new key and an empty log.
  public init(seed: UInt64 = 1) throws {
    self.key = try SM2PrivateKey.generate()
    self.keyID = try TrustedKey.id(of: self.key.publicKey())
    self.random = SeededRandom(seed: seed)
  }

  /// The ring of its one key.
  public func ring(from notBefore: Timestamp? = nil, to notAfter: Timestamp? = nil) throws
    -> SigningKeyRing
  {
    let trusted = TrustedKey(
      id: self.keyID, key: try self.key.publicKey(), notBefore: notBefore, notAfter: notAfter)
    guard let trusted, let ring = SigningKeyRing([trusted]) else { throw NoSample() }
    return ring
  }

  /// Issues a permit to the `person`th of 500 persons, and appends its leaf.
  public func issue(_ person: Int = 1) throws -> Issued {
    let document = try self.document(person)
    let bytes = document.canonicalBytes
    let salt = LeafSalt(random: self.random)
    let record = LogRecord(
      LogRecord.Subject(kind: "permit", id: "permit-\(self.frontier.size)", version: 1),
      action: "issue_permit", at: Self.now,
      actor: LogRecord.Actor(kind: "officer", office: "330106000000"),
      certificateIdentifier: document.naming.identifier,
      digests: LogRecord.Digests(
        standing: RecordDigest.standing(bytes, salt: salt),
        historyRow: RecordDigest.historyRow(bytes, salt: salt),
        document: RecordDigest.document(bytes, salt: salt)))
    let index = self.frontier.size
    for node in self.frontier.append(record.leaf(salt: salt)) {
      self.nodes[node.place] = node.hash
    }
    return Issued(
      document: document, signature: try self.key.sign(bytes), record: record, salt: salt,
      index: index)
  }

  /// The signed head of the log as it is.
  public func head() throws -> SignedTreeHead {
    let head = TreeHead(
      logID: Self.logID, size: self.frontier.size, root: self.frontier.root, at: Self.now,
      keyID: self.keyID)
    return SignedTreeHead(head, signature: try self.key.sign(head.canonicalBytes))
  }

  /// The proof that a permit stands in the log as it is.
  public func proof(of issued: Issued) throws -> InclusionProof {
    let path = try InclusionPath(of: issued.index, size: self.frontier.size) { self.nodes[$0] }
    return InclusionProof(issued.record, salt: issued.salt, path: path)
  }

  /// The signed snapshot of these revocations, good for a day.
  public func snapshot(of revocations: [Revocation] = []) throws -> SignedSnapshot {
    let head = RevocationSnapshot.Head(
      logID: Self.logID, treeSize: self.frontier.size, at: Self.now,
      nextUpdateAt: Self.now.adding(milliseconds: 86_400_000), keyID: self.keyID)
    guard let head, let snapshot = RevocationSnapshot(head, of: revocations) else {
      throw NoSample()
    }
    return SignedSnapshot(snapshot, signature: try self.key.sign(snapshot.signedBytes))
  }

  /// Everything that proves a permit.
  public func evidence(
    of issued: Issued, revoked revocations: [Revocation] = []
  ) throws -> Evidence {
    var evidence = Evidence(
      document: issued.document.canonicalBytes, signature: issued.signature)
    evidence.proof = try self.proof(of: issued).canonicalBytes
    evidence.head = try self.head().canonicalBytes
    evidence.snapshot = try self.snapshot(of: revocations).bytes
    return evidence
  }

  /// A slip's code, good for a day.
  public func code(of issued: Issued, suspendedFrom day: CivilDate? = nil) throws -> SignedCode {
    let document = issued.document
    var face = OfflineCode.Face(
      document.naming.identifier, name: document.holder.name,
      bureauCode: document.signing.authority.officeCode, issuedOn: document.term.issuedOn,
      validToOn: document.term.validToOn)
    if let day { face = face?.suspended(from: day) }
    guard let face,
      let code = OfflineCode(
        .slip, face, madeAt: Self.now,
        expiresAt: Self.now.adding(milliseconds: 86_400_000), keyID: self.keyID)
    else { throw NoSample() }
    return SignedCode(code, signature: try self.key.sign(code.signedBytes))
  }

  /// An identifier that nobody else has.
  public func identifier() throws -> CertificateIdentifier {
    let identifier = CertificateIdentifier(
      type: "11330000000000000X001", issuer: "11330106002500000A",
      serial: CertificateIdentifier.makeSerial(random: self.random), version: 1)
    guard let identifier else { throw NoSample() }
    return identifier
  }

  /// The document of a permit that a person gets.
  public func document(_ person: Int) throws -> PermitDocument {
    let today = CivilDate(of: Self.now)
    guard case .success(let number) = CitizenID.check(CitizenIDs.woman(person), on: today),
      case .success(let name) = PersonName.check("阿依·𬎆"), let ethnicity = Ethnicity(code: "05"),
      let last = CivilDate(iso: "2027-03-10")
    else { throw NoSample() }
    return PermitDocument(
      PermitDocument.Naming(try self.identifier()),
      holder: PermitDocument.Holder(
        name: name, citizenID: number, ethnicity: ethnicity,
        household: Address(division: "361121", street: "", detail: "测试镇8号"),
        photoSHA256: [UInt8](repeating: 0xA5, count: 32)),
      residence: Address(
        division: "330106", street: "北山街道", community: "曙光社区", detail: "测试路1号2幢301室"),
      term: PermitDocument.Term(issuedOn: today, validToOn: last),
      signing: PermitDocument.Signing(
        PermitDocument.Authority(name: "杭州市公安局西湖区分局", officeCode: "330106000000"),
        keyID: self.keyID, at: Self.now))
  }

  /// A sample's own text is wrong.
  private struct NoSample: Error {}
}
