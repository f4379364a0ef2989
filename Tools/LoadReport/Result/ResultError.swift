/// Why a written result cannot be read: a sentence.
package struct ResultError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong, and where.
  package let description: String

  init(_ description: String) {
    self.description = description
  }
}
