import DomainModel
import TestSupport

/// What somebody may ask for in the life of one person's permits.
enum LifeStep: Hashable, Sendable {
  /// A first permit.
  case issue(LifeModel.Unit)
  /// By an existing permit, or by accumulated registration.
  case convert(LifeModel.Unit, ofPermit: Bool)
  /// Something with the permit that a call had made.
  case change(Int, Change)

  enum Change: Hashable, Sendable {
    case endorse(submitted: CivilDate)
    /// Inside the unit, and out of it.
    case move, moveAway
    case contact, correct
    case loss, found
    case cancel, reinstate
    case hold(String), release(String)
    case apply(LifeModel.Application)
    case endApplication(String)

    /// A court's order stays what would change the permit's worth.
    var isStayed: Bool {
      switch self {
      case .endorse, .move, .moveAway, .correct, .cancel, .reinstate: true
      default: false
      }
    }
  }

  /// The name of its kind.
  var name: String {
    switch self {
    case .issue: "issue"
    case .convert: "convert"
    case .change(_, let change): String("\(change)".prefix { $0.isLetter })
    }
  }
}

extension LifeStep {
  /// A step that may come on a day, mostly with the permit that lives.
  static func draw(
    over model: LifeModel, on today: CivilDate, _ random: inout SeededRandom
  ) -> LifeStep {
    let unit = LifeModel.Unit.allCases.randomElement(using: &random) ?? .hangzhou
    let papers = model.papers.keys.sorted()
    guard !papers.isEmpty else { return .issue(unit) }
    switch Int.random(in: 0..<16, using: &random) {
    case 0: return .issue(unit)
    case 1, 2: return .convert(unit, ofPermit: Bool.random(using: &random))
    default:
      let isOfAny = Int.random(in: 0..<4, using: &random) == 0
      let any = papers.randomElement(using: &random)
      return .change((isOfAny ? any : model.live ?? any) ?? 0, .draw(on: today, &random))
    }
  }
}

extension LifeStep.Change {
  fileprivate static func draw(on today: CivilDate, _ random: inout SeededRandom) -> Self {
    let number = ["(2026)浙0106民初1号", "(2026)浙0106执2号"].randomElement(using: &random) ?? ""
    let id = ["application-a", "application-b"].randomElement(using: &random) ?? ""
    let day = today.adding(days: [0, 0, -3, -20].randomElement(using: &random) ?? 0)
    switch Int.random(in: 0..<16, using: &random) {
    case 0, 1, 2: return .endorse(submitted: day)
    case 3, 4: return .apply(LifeModel.Application(id: id, submittedOn: day))
    case 5: return .endApplication(id)
    case 6: return .move
    case 7: return .moveAway
    case 8: return .contact
    case 9: return .correct
    case 10: return .loss
    case 11: return .found
    case 12: return .cancel
    case 13: return .reinstate
    case 14: return .hold(number)
    default: return .release(number)
    }
  }
}
