/// Something that must be true after every run, whatever the load, and whether it was.
package struct InvariantCheck: Hashable, Sendable, Codable {
  /// What must be true, as a sentence: `As many permits as cases approved`.
  package var promise: String
  /// Whether it was.
  package var isHeld: Bool
  /// What was found, with figures: `12,000 approved, 12,000 permits`.
  package var found: String

  /// What was looked at and what was found.
  package init(promise: String, isHeld: Bool, found: String) {
    self.promise = promise
    self.isHeld = isHeld
    self.found = found
  }

  private enum CodingKeys: String, CodingKey {
    case promise, found
    case isHeld = "held"
  }
}
