/// One broken house rule, with what to do instead.
struct Finding: Hashable, Comparable, CustomStringConvertible {
  var path: String
  /// 0 where the whole file is meant.
  var line: Int
  var text: String

  var description: String { self.line == 0 ? "\(self.path): \(self.text)" : self.place }

  private var place: String { "\(self.path):\(self.line): \(self.text)" }

  static func < (left: Finding, right: Finding) -> Bool {
    (left.path, left.line, left.text) < (right.path, right.line, right.text)
  }
}
