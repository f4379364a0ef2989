/// Why a contract cannot be generated: which file, which element, and the reason.
struct Refusal: Error, CustomStringConvertible {
  var file: String
  /// The element's full name; empty where it is the file itself.
  var element: String
  var reason: String

  var description: String {
    self.element.isEmpty
      ? "\(self.file): \(self.reason)" : "\(self.file): \(self.element): \(self.reason)"
  }
}
