import DomainModel

/// A holder's leave to look at his permit once (亮证): what is kept of a code that he shows.
struct Presentation: Hashable, Sendable {
  let permit: ID<Permit>
  /// For what; nil where the verifier says.
  let purpose: VerifyPurpose?
  let expiresAt: Timestamp
  /// Which verifier has redeemed it; nil while none has.
  var redeemedBy: String?

  /// How many codes of one permit live at once.
  static let liveMax = 8
  /// For how long a code is remembered after its time, in milliseconds: until then who comes with
  /// it is told what became of it.
  static let keptMs: Int64 = 86_400_000

  /// Why a verifier may not redeem it; nil where he may. That somebody was there before is told
  /// first: it may be a picture of another's screen.
  func refusal(
    by verifier: String, for purpose: VerifyPurpose, at now: Timestamp
  ) -> LookReason? {
    if let redeemer = self.redeemedBy {
      return redeemer == verifier ? .presentationReplayed : .presentationTaken
    }
    if now >= self.expiresAt { return .presentationExpired }
    if let own = self.purpose, own != purpose { return .presentationOfAnotherPurpose }
    return nil
  }
}
