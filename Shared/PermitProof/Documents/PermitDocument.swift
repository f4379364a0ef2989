public import DomainModel

/// The canonical document of a permit: what is signed, and all that a stranger needs beside the
/// signature and the public key.
///
/// It holds the statutory face data (Decree 663, Art. 4: name, sex, ethnicity, birth date, citizen
/// number, photo, hukou address, residence address, issuing authority, issue date) and the metadata
/// elements of an electronic certificate (GB/T 36903-2018); which key stands for which element, the
/// module's README says. It holds texts as they were signed, whatever the rules for names and
/// addresses are today. Printing one shows the identifier only.
public struct PermitDocument: Hashable, Sendable {
  /// 持证主体
  public struct Holder: Hashable, Sendable {
    /// The name.
    public var name: String
    /// 公民身份号码
    public var citizenID: String
    /// 出生日期
    public var birthOn: CivilDate
    /// 性别
    public var sex: Sex
    /// 民族, by its code of GB/T 3304.
    public var ethnicityCode: String
    /// 常住户口所在地住址
    public var household: Address
    /// SHA-256 of the photo's bytes.
    public var photoSHA256: [UInt8]

    /// A holder as a document has him.
    init(
      name: String, citizenID: String, birthOn: CivilDate, sex: Sex, ethnicityCode: String,
      household: Address, photoSHA256: [UInt8]
    ) {
      self.name = name
      self.citizenID = citizenID
      self.birthOn = birthOn
      self.sex = sex
      self.ethnicityCode = ethnicityCode
      self.household = household
      self.photoSHA256 = photoSHA256
    }

    /// A holder.
    public init(
      name: PersonName, citizenID: CitizenID, ethnicity: Ethnicity, household: Address,
      photoSHA256: [UInt8]
    ) {
      self.init(
        name: name.text, citizenID: citizenID.text, birthOn: citizenID.birthDate,
        sex: citizenID.sex, ethnicityCode: ethnicity.code, household: household,
        photoSHA256: photoSHA256)
    }
  }

  /// 证照颁发机构
  public struct Authority: Hashable, Sendable {
    /// The name.
    public var name: String
    /// 公安机关机构代码: 12 digits.
    public var officeCode: String

    /// An authority.
    public init(name: String, officeCode: String) {
      self.name = name
      self.officeCode = officeCode
    }
  }

  /// When a permit is in force.
  public struct Term: Hashable, Sendable {
    /// 证照颁发日期
    public var issuedOn: CivilDate
    /// 有效期起始日期
    public var validFromOn: CivilDate
    /// 有效期截止日期: it is in force to the end of this day.
    public var validToOn: CivilDate

    /// A term; it begins with the day of issue where nothing else is said.
    public init(issuedOn: CivilDate, validFromOn: CivilDate? = nil, validToOn: CivilDate) {
      self.issuedOn = issuedOn
      self.validFromOn = validFromOn ?? issuedOn
      self.validToOn = validToOn
    }
  }

  /// Which certificate it is.
  public struct Naming: Hashable, Sendable {
    /// 电子证照标识; the type's code and the issuer's credit code are parts of it.
    public var identifier: CertificateIdentifier
    /// 证照编号: what is printed on the permit as its number.
    public var number: String
    /// The identifier of the certificate in whose place this one is; nil for a first one.
    public var previous: CertificateIdentifier?

    /// The naming; the number is the identifier's serial number where nothing else is said.
    public init(
      _ identifier: CertificateIdentifier, number: String? = nil,
      previous: CertificateIdentifier? = nil
    ) {
      self.identifier = identifier
      self.number = number ?? identifier.serial
      self.previous = previous
    }
  }

  /// Who vouches for it.
  public struct Signing: Hashable, Sendable {
    /// 证照颁发机构
    public var authority: Authority
    /// Which key signs.
    public var keyID: String
    /// When the document was made and signed.
    public var at: Timestamp

    /// The authority in whose name a key signs, and when.
    public init(_ authority: Authority, keyID: String, at: Timestamp) {
      self.authority = authority
      self.keyID = keyID
      self.at = at
    }
  }

  /// Which fields a document has.
  public enum Edition: Int, Hashable, Sendable, CaseIterable {
    /// The face data alone. Permits of the registry's first releases have it, and stay verifiable.
    case first = 1
    /// The metadata elements of an electronic certificate beside it.
    case second = 2

    /// What a document of it says it is.
    public var format: String { "anju-residence-permit/\(self.rawValue)" }
  }

  /// Which fields its bytes have.
  public private(set) var edition: Edition
  /// Which certificate it is.
  public var naming: Naming
  /// Whose it is.
  public var holder: Holder
  /// 居住地住址
  public var residence: Address
  /// When it is in force.
  public var term: Term
  /// Who vouches for it.
  public var signing: Signing

  /// 证照名称
  public static let certificateName = "浙江省居住证"
  /// 证照类型名称
  public static let typeName = "居住证"
  /// 持证主体代码类型
  public static let holderCodeType = "公民身份号码"

  /// A document of the newest edition.
  public init(
    _ naming: Naming, holder: Holder, residence: Address, term: Term, signing: Signing
  ) {
    self.edition = .second
    self.naming = naming
    self.holder = holder
    self.residence = residence
    self.term = term
    self.signing = signing
  }

  /// The same in the newest edition, to be changed and signed anew: the first one has no place for
  /// most of what changes.
  public var inNewestEdition: PermitDocument {
    var document = self
    document.edition = .second
    return document
  }

  /// A document of the first edition: what its bytes do not say follows from what they do. The
  /// number is the serial number, the term begins with the day of issue, and it counts as signed at
  /// the beginning of that day.
  init(
    first identifier: CertificateIdentifier, holder: Holder, residence: Address,
    term: (issuedOn: CivilDate, validToOn: CivilDate), by authority: Authority, keyID: String
  ) {
    self.edition = .first
    self.naming = Naming(identifier)
    self.holder = holder
    self.residence = residence
    self.term = Term(issuedOn: term.issuedOn, validToOn: term.validToOn)
    self.signing = Signing(authority, keyID: keyID, at: term.issuedOn.startOfDay)
  }
}

extension PermitDocument: CustomStringConvertible, CustomReflectable {
  /// The identifier.
  public var description: String { "permit document \(self.naming.identifier)" }

  /// The identifier, for `dump`.
  public var customMirror: Mirror {
    Mirror(self, children: ["identifier": self.naming.identifier.text])
  }
}

extension PermitDocument.Holder: CustomStringConvertible, CustomReflectable {
  /// The masked name.
  public var description: String { PersonName.masked(self.name) }

  /// The masked name, for `dump`.
  public var customMirror: Mirror { Mirror(self, children: ["masked": self.description]) }
}
