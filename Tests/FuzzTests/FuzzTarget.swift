import Testing

/// One path that a stranger's bytes take, as a function of those bytes.
///
/// It must return for all of them, whatever they are; what it finds wrong it throws.
struct FuzzTarget: Sendable, CustomTestStringConvertible {
  /// Its name, which is that of its folder in the corpus.
  let name: String
  let run: @Sendable ([UInt8]) throws -> Void

  var testDescription: String { self.name }

  /// All of them.
  static let all = [
    Self.server, Self.client, Self.head, Self.answer, Self.base64, Self.timeout, Self.messages,
    Self.gzip, Self.status, Self.wire, Self.document, Self.proof, Self.treeHead, Self.snapshot,
    Self.code, Self.smpp, Self.cmpp,
  ]
}

/// A property that some bytes have broken.
struct FuzzFailure: Error, CustomStringConvertible {
  let description: String

  /// Throws unless `holds`.
  static func unless(_ holds: Bool, _ text: @autoclosure () -> String) throws {
    guard !holds else { return }
    throw FuzzFailure(description: text())
  }
}
