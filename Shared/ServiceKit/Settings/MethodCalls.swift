/// How many calls of single methods may run at once, as a setting says it:
/// `SubmitBatch=8 RenderDocument=4`, or `none`.
public struct MethodCalls: Hashable, Sendable, CustomStringConvertible {
  /// The bounds by the methods' names; each at least 1.
  public let calls: [String: Int]

  init(calls: [String: Int]) {
    self.calls = calls
  }

  /// Reads the setting; nil for another form, a method named twice, or a bound under 1.
  init?(_ text: String) {
    var calls: [String: Int] = [:]
    for part in text == "none" ? [] : text.split(separator: " ") {
      let pair = part.split(separator: "=", omittingEmptySubsequences: false)
      guard pair.count == 2, !pair[0].isEmpty, let number = Int(pair[1]), number > 0,
        calls.updateValue(number, forKey: String(pair[0])) == nil
      else { return nil }
    }
    self.calls = calls
  }

  /// The setting's text.
  public var description: String {
    guard !self.calls.isEmpty else { return "none" }
    return self.calls.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      .joined(separator: " ")
  }
}
