import ArgumentParser
import Crypto
import DomainModel
import ToolKit

/// Makes a token of the development key.
struct Token: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make a token that services believe which know the key.",
    discussion: """
      The token is signed with the development key, which services believe while they listen on \
      loopback, or where its public half is in their tokens.keys (`anju token-keys`). It goes into \
      a call's metadata as `authorization: Bearer TOKEN`.

      anju token applicant --person 341224199003074518
      anju token officer --id police1 --office 330106500000 --role accept
      anju token integrator --id my-app
      """)

  /// The longest a token may hold: 30 days.
  static let minutesMax = 43_200

  @Argument(help: "Who calls: applicant, officer, integrator, auditor or service.")
  var kind: CallerName

  @Option(help: "The caller's id (sub). An applicant's is made of --person where it is not given.")
  var id: String?

  @Option(help: "An applicant's citizen identity number (公民身份号码).")
  var person: String?

  @Option(help: "An officer's office: 12 digits.")
  var office: String?

  @Option(help: "An officer's role: accept, review or approve.")
  var role: StageName?

  @Option(help: "As what somebody acts for the applicant: guardian, relative or trustee.")
  var act: ActName?

  @Option(help: "The id of who acts.")
  var actId: String?

  @Option(help: "How sure the login is of the person (acr).")
  var acr: String?

  @Flag(help: "Say that the applicant's face was checked just now, as showing a permit asks for.")
  var face = false

  @Option(help: "How long the token holds, in minutes.")
  var minutes = 60

  @OptionGroup var place: KeyPlace

  func validate() throws {
    guard (1...Self.minutesMax).contains(self.minutes) else {
      throw ValidationError("--minutes is 1 to \(Self.minutesMax).")
    }
    if self.kind == .applicant && self.person == nil {
      throw ValidationError("An applicant's token needs --person.")
    }
    if self.kind == .officer && (self.office == nil || self.role == nil) {
      throw ValidationError("An officer's token needs --office and --role.")
    }
    if self.kind != .applicant && self.id == nil {
      throw ValidationError("A token of this kind needs --id.")
    }
    if (self.act == nil) != (self.actId == nil) {
      throw ValidationError("--act and --act-id go together.")
    }
  }

  func run() throws {
    var claims = TokenClaims(
      subject: try self.id ?? self.applicantID(), kind: self.kind.rawValue, person: self.person,
      role: self.role?.rawValue, office: self.office)
    if let act, let actId { claims.act = TokenClaims.Act(subject: actId, capacity: act.capacity) }
    claims.assurance = self.acr
    if self.face { claims.faceCheckedAt = .present }
    print(try self.place.token(claims, minutes: self.minutes))
  }

  /// An id that is the same for the same person, and from which nobody reads the number.
  private func applicantID() throws -> String {
    let hash = try DigestAlgorithm.sha256.digest(Array((self.person ?? "").utf8))
    return "person-\(Hex.encode(hash.prefix(8)))"
  }
}
