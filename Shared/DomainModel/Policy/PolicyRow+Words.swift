/// A value that a data file writes as a word.
protocol PolicyWord: CaseIterable, Hashable {
  /// The word.
  var word: String { get }
}

extension PolicyWord where Self: RawRepresentable, RawValue == String {
  var word: String { self.rawValue }
}

extension ApplicationKind: PolicyWord {}
extension FormField: PolicyWord {}
extension ActingCapacity: PolicyWord {}
extension Office.Kind: PolicyWord {}
extension KindPolicy.Need: PolicyWord {}
extension CaseStage.Step: PolicyWord {}
extension CaseClock: PolicyWord {}
extension ApplicationChannel: PolicyWord { var word: String { self.name } }
extension MaterialKind: PolicyWord { var word: String { self.name } }
extension Condition: PolicyWord { var word: String { self.name } }
extension EvidenceKind: PolicyWord { var word: String { self.name } }

extension PolicyRow {
  /// A field that is one of a list of words.
  func word<Word: PolicyWord>(
    _ index: Int, _ name: String, of words: Word.Type
  ) throws(PolicyFileError) -> Word {
    let text = try self.text(index, name)
    guard let word = words.allCases.first(where: { $0.word == text }) else {
      throw self.error("no such \(name): \(text)")
    }
    return word
  }

  /// The words of a field between commas, each once; none for an empty field.
  func wordList<Word: PolicyWord>(
    _ index: Int, _ name: String, of words: Word.Type
  ) throws(PolicyFileError) -> [Word] {
    var found: [Word] = []
    for text in self.list(index) {
      guard let word = words.allCases.first(where: { $0.word == text }) else {
        throw self.error("no such \(name): \(text)")
      }
      if found.contains(word) { throw self.error("\(text) stands twice in the line") }
      found.append(word)
    }
    return found
  }

  /// The same where their order says nothing.
  func words<Word: PolicyWord>(
    _ index: Int, _ name: String, of words: Word.Type
  ) throws(PolicyFileError) -> Set<Word> {
    Set(try self.wordList(index, name, of: words))
  }

  /// A number within bounds.
  func number(
    _ index: Int, _ name: String, in bounds: ClosedRange<Int>
  ) throws(PolicyFileError) -> Int {
    let text = try self.text(index, name)
    guard let value = decimal(text.utf8), bounds.contains(value) else {
      throw self.error(
        "\(name) is a number from \(bounds.lowerBound) to \(bounds.upperBound), not \(text)")
    }
    return value
  }
}
