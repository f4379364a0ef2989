import ServiceCore

/// What of the registry a caller reaches.
struct RegistryReach: Hashable, Sendable {
  /// Registrations, by the office that made them.
  let registrations: OfficeReach
  /// Permits, by the bureau that issued them.
  let permits: OfficeReach

  /// An auditor's, and our own services'.
  static let everything = RegistryReach(registrations: .everything, permits: .everything)
}
