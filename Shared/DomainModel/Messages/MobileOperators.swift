/// A mobile operator of the mainland.
public enum MobileOperator: String, Hashable, Sendable, CaseIterable {
  /// 中国移动
  case mobile
  /// 中国联通
  case unicom
  /// 中国电信
  case telecom
  /// 中国广电
  case broadnet
  /// Whoever has the prefixes that the table does not know.
  case other
}

/// Which operator a number was given by. A number that was ported (携号转网) keeps its prefix, so this
/// decides about rates and the way out, never about whether a text arrives.
public struct MobileOperators: Sendable {
  private let byPrefix: [String: MobileOperator]
  private let lengths: [Int]

  /// Reads `operators.tsv`; its README describes the form. Throws `PolicyFileError`.
  public init(text: String, file: String = "operators.tsv") throws(PolicyFileError) {
    var byPrefix: [String: MobileOperator] = [:]
    for row in PolicyFile(name: file, text: text).rows {
      try row.require(fields: 2)
      let prefix = try row.text(0, "prefix")
      guard (1...11).contains(prefix.utf8.count), prefix.utf8.allSatisfy(isDigit) else {
        throw row.error("a prefix is 1 to 11 digits, not \(prefix)")
      }
      let name = try row.text(1, "operator")
      guard let given = MobileOperator(rawValue: name), given != .other else {
        throw row.error("no operator: \(name)")
      }
      if byPrefix.updateValue(given, forKey: prefix) != nil {
        throw row.error("\(prefix) stands here already")
      }
    }
    self.byPrefix = byPrefix
    self.lengths = Set(byPrefix.keys.map(\.utf8.count)).sorted(by: >)
  }

  /// The operator of the longest prefix that fits; `other` where none does.
  public func of(_ phone: PhoneNumber) -> MobileOperator {
    for length in self.lengths {
      if let found = self.byPrefix[String(phone.text.prefix(length))] { return found }
    }
    return .other
  }
}
