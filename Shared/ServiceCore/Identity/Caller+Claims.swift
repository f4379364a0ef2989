public import Crypto
internal import DomainModel
public import RPC

extension Caller {
  /// How many digits an office's code has.
  private static let officeDigits = 12

  /// Whom a believed token names. Each kind must bring what its owner rule goes by: an applicant
  /// the number that the login proved, an officer his office. A service is believed only from an
  /// issuer that may name services.
  init(_ token: VerifiedToken) throws(TokenError) {
    let claims = token.claims
    guard let kind = Kind(rawValue: claims.kind) else { throw .claimInvalid("kind") }
    switch kind {
    case .applicant:
      guard Self.isNumber(claims.person) else { throw .claimInvalid("person") }
    case .officer:
      guard let office = claims.office, office.utf8.count == Self.officeDigits,
        office.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
      else { throw .claimInvalid("office") }
      // He need not say who he is; if he does, he is kept out of his own affairs by it.
      guard claims.person == nil || Self.isNumber(claims.person) else {
        throw .claimInvalid("person")
      }
    case .service:
      guard token.issuer.namesServices, ServiceName(rawValue: claims.subject) != nil else {
        throw .claimInvalid("kind")
      }
    case .integrator, .auditor: break
    }
    self.init(
      kind: kind, id: claims.subject,
      citizenID: kind == .applicant || kind == .officer ? claims.person : nil,
      office: kind == .officer ? claims.office : nil,
      role: kind == .officer ? claims.role : nil, login: Login(claims))
  }

  private static func isNumber(_ text: String?) -> Bool {
    guard let text else { return false }
    let read = CitizenID.check(text, on: .latest, from: CitizenID.anyOrigin)
    return (try? read.get()) != nil
  }
}

extension Login {
  /// What a token says of the login; nil where it says nothing.
  fileprivate convenience init?(_ claims: TokenClaims) {
    if claims.act == nil && claims.assurance == nil && claims.loggedInAt == nil
      && claims.faceCheckedAt == nil
    {
      return nil
    }
    self.init(
      act: claims.act.map {
        Act(id: $0.subject, capacity: $0.capacity, citizenID: $0.person)
      },
      assurance: claims.assurance, loggedInAt: claims.loggedInAt,
      faceCheckedAt: claims.faceCheckedAt)
  }
}

extension TokenClaims {
  /// The claims that name a caller.
  public init(_ caller: Caller) {
    self.init(
      subject: caller.id, kind: caller.kind.rawValue, person: caller.citizenID, role: caller.role,
      office: caller.office)
    self.act = caller.login?.act.map {
      Act(subject: $0.id, capacity: $0.capacity, person: $0.citizenID)
    }
    self.assurance = caller.login?.assurance
    self.loggedInAt = caller.login?.loggedInAt
    self.faceCheckedAt = caller.login?.faceCheckedAt
  }
}
