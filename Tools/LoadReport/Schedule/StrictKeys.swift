/// The keys of an object that people write: an unknown one is refused, because it is a parameter
/// that somebody believes in.
package struct StrictKeys {
  private let present: Set<String>

  /// Any key at all.
  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// The keys of the object that is being read; throws where there is no object.
  package init(_ decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: AnyKey.self)
    self.present = Set(container.allKeys.map(\.stringValue))
  }

  /// Every key that is not known and every one that is missing, each with a sentence.
  package func refusals(required: [String], optional: [String] = []) -> [String] {
    let known = required + optional
    let unknown = self.present.subtracting(known).sorted().map {
      "unknown key \($0); known are \(known.joined(separator: ", "))"
    }
    return unknown + required.filter { !self.present.contains($0) }.map { "\($0) is missing" }
  }
}
