import DomainModel
import ServiceCore
import Wire

/// What a draft need not be given again.
extension IntakeHandlers {
  /// What earlier applications of a draft's person hold for places that are still empty, one for
  /// each place, the newest; within what the caller reaches. A draft that names nobody yet is its
  /// applicant's own.
  func reusable(
    for draft: Application, within reach: Reach
  ) async throws -> [IntakeV1.ReusableMaterial] {
    let today = CivilDate(of: self.time.now())
    // Where no policy is in force nothing can be submitted either: that is told there.
    guard draft.state == .draft, let policy = try? self.policy(on: today),
      let kind = try? policy.offered(draft.kind)
    else { return [] }
    var own: String?
    if draft.form == nil, case .owned(_, let citizenID) = reach { own = citizenID }
    let earlier = try await self.store.earlierMaterials(
      for: draft.id, ofCitizen: own, within: reach)
    let lending = Lending(rules: policy.materials, kind: kind, channel: draft.channel)
    return lending.offers(of: earlier, besides: draft.slots, on: today).map { offer in
      IntakeV1.ReusableMaterial(
        material: .init(offer.earlier.material), applicationID: offer.earlier.application.text,
        applicationNumber: offer.earlier.number, untilOn: offer.until.iso)
    }
  }
}
