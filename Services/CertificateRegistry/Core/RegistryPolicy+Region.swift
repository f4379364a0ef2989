public import DomainModel

extension RegistryPolicy {
  /// What the registry goes by in a region.
  public init(_ region: RegionRules) {
    self.init(
      divisions: region.divisions, offices: region.offices, settings: region.policy,
      calendar: region.calendar)
  }
}
