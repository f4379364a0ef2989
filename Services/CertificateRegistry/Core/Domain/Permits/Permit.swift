import DomainModel

/// A permit: the facts that are stored. Its state is derived from them
/// (`RegistryPolicy.state(of:at:)`).
struct Permit: Hashable, Sendable {
  let id: ID<Permit>
  /// What kind of paper it is.
  var kind: PermitKind = .electronic
  /// 电子证照标识 of its certificate as it is now.
  var certificateIdentifier: String
  /// The identifier that its certificate had before the last change; nil for the first one.
  var previousIdentifier: String?
  var term: PermitTerm
  /// 签发机关: the county-level bureau, 12 digits (Decree 663, Art. 10).
  let bureauCode: String
  /// The division of the residence, six digits.
  var divisionCode: String
  /// The application and the case of its first issue.
  let applicationID: String
  let caseID: String
  /// Which key signed the document.
  var keyID: String
  let issuedAt: Timestamp
  /// What has happened to it since.
  var standing = PermitStanding()
  /// Rises by one with each change.
  var version = 1

  /// Live: not cancelled. A person has one such permit at most.
  var isLive: Bool { self.standing.cancellation == nil }
}

/// What kind of paper a permit is. All but the electronic one are imported; they stay good to their
/// day, and the next endorsement or conversion makes an electronic permit of them.
enum PermitKind: String, Hashable, Sendable, CaseIterable {
  /// 电子居住证
  case electronic
  /// IC卡居住证
  case icCard = "ic_card"
  /// 2016年前的《浙江省居住证》 (Zhejiang Regulation, Art. 39)
  case before2016 = "before_2016"
  /// 《浙江省临时居住证》 (Zhejiang Regulation, Art. 39)
  case temporary
}

/// The signed document of a permit.
struct SignedDocument: Hashable, Sendable {
  /// The canonical bytes; see PermitProof's `PermitDocument`.
  let document: [UInt8]
  /// SM2 with SM3 over them, DER.
  let signature: [UInt8]
}
