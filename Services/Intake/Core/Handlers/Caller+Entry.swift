import DomainModel
import RPC

/// By which ways callers enter applications.
extension Caller {
  /// The role of a collector (协管员), who records declarations and gives no opinion.
  static let collectorRole = "collector"
  /// The roles of an officer whose entry is the acceptance where three officers decide.
  private static let acceptingRoles: Set<String> = ["accept"]
  /// The roles of an officer who enters what one officer confirms, or nobody decides.
  private static let confirmingRoles: Set<String> = ["accept", "confirm"]

  /// The channels that are the caller's: whoever applies or serves applicants comes online, an
  /// officer enters at his counter, a collector on his round.
  var channels: Set<ApplicationChannel> {
    switch self.kind {
    case .applicant, .integrator: [.app, .web]
    case .officer: self.role == Self.collectorRole ? [.collector] : [.window]
    case .service, .auditor: []
    }
  }

  /// The office of whoever enters for somebody else; nil for those who come online. Throws
  /// `OFFICER_WRONG_OFFICE` for an officer without one.
  var entryOffice: String? {
    get throws {
      guard self.kind == .officer else { return nil }
      guard let office = self.office else { throw ServiceError(.officerWrongOffice) }
      return office
    }
  }

  /// Whether the officer's role is one that enters what goes this road.
  func mayEnter(on road: Road) -> Bool {
    guard let role = self.role else { return false }
    return (road == .decided ? Self.acceptingRoles : Self.confirmingRoles).contains(role)
  }
}
