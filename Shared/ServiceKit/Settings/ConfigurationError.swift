/// Everything that is wrong with a configuration, found at start and told at once.
public struct ConfigurationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// One sentence a problem, each naming the setting and where its value stands.
  public let problems: [String]

  /// An error from its sentences.
  public init(problems: [String]) {
    self.problems = problems
  }

  /// The problems as a list, for the person who starts the process.
  public var description: String {
    let count = self.problems.count == 1 ? "1 problem" : "\(self.problems.count) problems"
    return "\(count) in the configuration:\n"
      + self.problems.map { "  - \($0)" }.joined(separator: "\n")
  }
}
