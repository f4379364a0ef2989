import DomainModel

/// A residence registration (居住登记), as its facts are stored. Its id is also the number of its
/// voucher (居住登记凭证): every change makes another registration, and so another voucher.
struct Registration: Hashable, Sendable {
  let id: ID<Registration>
  var address: Address
  /// 服务处所; empty where none was declared.
  var workplace = ""
  /// 申报日: the half year runs from here (Zhejiang Regulation, Art. 16).
  let declaredOn: CivilDate
  /// The last day it was in force; nil while it is.
  var endedOn: CivilDate?
  /// Why it ended; nil while it is in force, and where it had ended before it was recorded.
  var endReason: EndReason?
  /// The registration that it took the place of; nil for one that was declared anew.
  var previousID: ID<Registration>?
  /// The change was reported after its days (Zhejiang Regulation, Art. 13).
  var isLate = false
  /// The office that registered: 12 digits.
  let officeCode: String
  let recordedAt: Timestamp
  /// 1 when it is recorded, and one more at each change.
  var version = 1
  /// When its person was erased (个人信息保护法 Art. 47); nil where he was not.
  var erasedAt: Timestamp?

  /// How many registrations of one person are kept: far more than anybody moves house.
  static let perPersonMax = 500
  /// How long a workplace's name may be, in Unicode scalars.
  static let workplaceCharactersMax = 100

  /// Whether it stands: what was recorded in error counts for nothing.
  var counts: Bool { self.endReason != .recordedInError }

  /// The registration once it has ended.
  func ended(on day: CivilDate, _ reason: EndReason) -> Registration {
    var next = self
    next.endedOn = day
    next.endReason = reason
    next.version += 1
    return next
  }

  /// The registration once its person has been erased: days, office and division are left.
  func erased(at now: Timestamp) -> Registration {
    var next = self
    next.address = Address(
      division: self.address.division, street: "", community: "", detail: "")
    next.workplace = ""
    next.erasedAt = now
    next.version += 1
    return next
  }
}

/// Why a registration ended.
enum EndReason: String, Hashable, Sendable, CaseIterable {
  /// The person left the place and has declared no other one.
  case left
  /// Another registration took its place.
  case moved
  /// 死亡
  case death
  /// 转为本地户籍
  case localHukou = "local_hukou"
  /// It should never have been made.
  case recordedInError = "recorded_in_error"
}
