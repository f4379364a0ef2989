public import DomainModel

/// What the log says of one change in the registry: that it was, when, of what, and digests by
/// which what it changed can be recognised. It names no person and holds nothing personal.
public struct LogRecord: Hashable, Sendable {
  /// What was changed: what kind of thing, which, and its version after the change.
  public struct Subject: Hashable, Sendable {
    /// A word, such as `permit` or `registration`.
    public let kind: String
    /// Its id in the registry.
    public let id: String
    /// Its version after the change: 1 for its first.
    public let version: Int

    /// A subject. The words have 1 to 64 letters, digits and `_-.:`, the version is at least 1;
    /// anything else is a broken promise.
    public init(kind: String, id: String, version: Int) {
      precondition(isWord(kind, charactersMax: LogRecord.wordCharactersMax), "no kind of thing")
      precondition(isWord(id, charactersMax: LogRecord.wordCharactersMax), "no id")
      precondition((1...LogRecord.versionMax).contains(version), "no version")
      self.kind = kind
      self.id = id
      self.version = version
    }
  }

  /// Who did it, as far as the log says.
  public struct Actor: Hashable, Sendable {
    /// A word, such as `officer` or `timer`.
    public let kind: String
    /// The office, 12 digits; nil where it was no officer.
    public let office: String?

    /// An actor; a kind that is no word of 1 to 64 characters and an office that is not 12 digits
    /// are broken promises.
    public init(kind: String, office: String? = nil) {
      precondition(isWord(kind, charactersMax: LogRecord.wordCharactersMax), "no kind of actor")
      precondition(office.map(isOfficeCode) ?? true, "no office")
      self.kind = kind
      self.office = office
    }
  }

  /// What the record holds digests of, made with the leaf's salt (`RecordDigest`).
  public struct Digests: Hashable, Sendable {
    /// Of the subject's full standing after the change.
    public let standing: [UInt8]
    /// Of the row that the change added to the history.
    public let historyRow: [UInt8]
    /// Of the certificate's canonical document, where the change made one: it ties that very
    /// document to the log.
    public let document: [UInt8]?
    /// Of whose the subject is and how he is reached, which its standing does not say; nil in
    /// records of the first edition.
    public let holder: [UInt8]?

    /// Digests of 32 bytes each; anything else is a broken promise.
    public init(
      standing: [UInt8], historyRow: [UInt8], document: [UInt8]? = nil, holder: [UInt8]? = nil
    ) {
      for digest in [standing, historyRow, document, holder].compactMap(\.self) {
        precondition(digest.count == RecordDigest.byteCount, "no digest")
      }
      self.holder = holder
      self.standing = standing
      self.historyRow = historyRow
      self.document = document
    }
  }

  /// What was changed.
  public let subject: Subject
  /// What was done with it: a word, such as `issue_permit`.
  public let action: String
  /// The legal instant of the change.
  public let at: Timestamp
  /// Who did it.
  public let actor: Actor
  /// The certificate that it is about; nil for a registration.
  public let certificateIdentifier: CertificateIdentifier?
  /// Of what it changed.
  public let digests: Digests

  /// What a record says it is; a change of its fields raises the number.
  public static let format = "anju-log-record/2"
  /// What a record of the first edition says it is: it has no digest of the holder, and stays as it
  /// is.
  public static let firstFormat = "anju-log-record/1"
  /// The most bytes of a record.
  public static let bytesMax = 1_024
  /// The most characters of a word or an id.
  public static let wordCharactersMax = 64
  /// The greatest version.
  public static let versionMax = 1 << 31

  /// A record. An action that is no word of 1 to 64 characters, and an instant before 1970, are
  /// broken promises.
  public init(
    _ subject: Subject, action: String, at: Timestamp, actor: Actor,
    certificateIdentifier: CertificateIdentifier? = nil, digests: Digests
  ) {
    precondition(isWord(action, charactersMax: Self.wordCharactersMax), "no action")
    precondition((0...CanonicalJSON.integerMax).contains(at.milliseconds), "no instant")
    self.subject = subject
    self.action = action
    self.at = at
    self.actor = actor
    self.certificateIdentifier = certificateIdentifier
    self.digests = digests
  }

  /// The leaf that the record makes with a salt.
  public func leaf(salt: LeafSalt) -> TreeHash {
    TreeHash.leaf(self.canonicalBytes, salt: salt)
  }
}

/// Whether a text is an office's code: 12 digits (GA/T 380).
func isOfficeCode(_ text: String) -> Bool {
  text.utf8.count == 12 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
}
