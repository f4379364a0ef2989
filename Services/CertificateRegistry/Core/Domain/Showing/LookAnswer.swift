import DomainModel

/// A permit that was found by what somebody showed.
struct ShownPermit: Hashable, Sendable {
  let permit: Permit
  /// The certificate that was shown: the permit's present one, or one that it had.
  let identifier: String
  /// The first character of the holder's name and a star; empty where no certificate says it.
  let maskedName: String
}

/// What a verifier is told: the reasons, and of the permit no more than the purpose needs.
struct LookAnswer: Hashable, Sendable {
  let reasons: [LookReason]
  /// As of when.
  let at: Timestamp
  var maskedName = ""
  var validToOn: CivilDate?
  var isEffectiveHere = false
  var suspendedFromOn: CivilDate?
  var residenceDays = 0
  var suspendedDays = 0
  var state: PermitState?
  var divisionCode = ""
  /// The permit's present certificate, where another one was shown.
  var currentIdentifier = ""

  /// An answer that says why, and nothing else.
  init(_ reasons: [LookReason], at instant: Timestamp) {
    self.reasons = reasons
    self.at = instant
  }

  /// Genuine and in force.
  var isValid: Bool { self.reasons.contains(.valid) }
}

extension RegistryPolicy {
  /// What a verifier is told of a permit at an instant. `flaws` are those of what was shown, such
  /// as a code whose time is over: with any of them it is not valid, however the permit stands.
  func answer(
    _ query: LookQuery, of shown: ShownPermit, flaws: [LookReason] = [], at now: Timestamp
  ) -> LookAnswer {
    let permit = shown.permit
    let state = self.state(of: permit, at: now)
    var reasons = flaws + self.flaws(of: shown, in: state)
    if reasons.isEmpty {
      reasons = [.valid] + (self.isPastFullYear(permit, at: now) ? [.endorsementPending] : [])
    }
    var answer = LookAnswer(reasons, at: now)
    if answer.isValid || reasons == [.suspended] { self.tell(query, of: shown, state, &answer) }
    if query.purpose.needsStanding {
      answer.state = state
      answer.divisionCode = permit.divisionCode
      if shown.identifier != permit.certificateIdentifier {
        answer.currentIdentifier = permit.certificateIdentifier
      }
    }
    return answer
  }

  /// Whether the full year of a permit in force is over, so that only an endorsement submitted in
  /// time keeps it from suspension.
  func isPastFullYear(_ permit: Permit, at now: Timestamp) -> Bool {
    CivilDate(of: now) > self.window(of: permit.term).closesOn
  }

  private func flaws(of shown: ShownPermit, in state: PermitState) -> [LookReason] {
    var flaws: [LookReason] = []
    switch state {
    case .cancelled: flaws.append(.cancelled)
    case .lost: flaws.append(.lost)
    case .suspended: flaws.append(.suspended)
    case .valid, .endorsementWindow: break
    }
    if shown.identifier != shown.permit.certificateIdentifier { flaws.append(.superseded) }
    return flaws
  }

  private func tell(
    _ query: LookQuery, of shown: ShownPermit, _ state: PermitState, _ answer: inout LookAnswer
  ) {
    let permit = shown.permit
    let today = CivilDate(of: answer.at)
    answer.maskedName = shown.maskedName
    answer.validToOn = permit.term.validToOn
    if state == .suspended { answer.suspendedFromOn = self.suspendedFrom(permit) }
    let unit = self.divisions.residenceUnit(of: permit.divisionCode)
    answer.isEffectiveHere =
      answer.isValid && unit != nil
      && unit == self.divisions.residenceUnit(of: query.divisionCode)
    if query.purpose.needsDays {
      let days = self.residenceDays(permit, on: today)
      answer.residenceDays = days.counted
      answer.suspendedDays = days.suspended
    }
  }
}
