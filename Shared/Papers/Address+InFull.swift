public import DomainModel

extension Address {
  /// The address in full and by name. Of another province only the province's name is known: the
  /// division's code stands beside it, so that nothing is lost.
  public func inFull(_ divisions: DivisionTable) -> String {
    let rest = self.street + self.community + self.detail
    if let name = divisions.fullName(of: self.division) { return name + rest }
    guard case .elsewhere(let province) = divisions.standing(of: self.division, on: .latest) else {
      return "（\(self.division)）\(rest)"
    }
    return "\(province.name)（\(self.division)）\(rest)"
  }
}
