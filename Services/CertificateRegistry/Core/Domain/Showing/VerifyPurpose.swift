/// What a verifier needs to know a permit for. It decides how much is told (rules, Registry: no
/// more than the purpose needs).
enum VerifyPurpose: String, Hashable, Sendable, CaseIterable {
  case education
  case civilAffairs = "civil_affairs"
  case housing
  /// An officer's on duty (Zhejiang Regulation, Art. 21).
  case police
  /// 积分: residence years are counted (Zhejiang Regulation, Art. 28).
  case points
  case otherService = "other_service"

  /// Whether the days of residence are needed.
  var needsDays: Bool { self == .points }

  /// Whether state, place and present certificate are needed.
  var needsStanding: Bool { self == .police }
}
