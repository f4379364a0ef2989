/// One section of a plan's text, whose values are taken one by one; what nobody takes is a mistake.
struct PlanSection {
  struct Entry {
    let key: String
    let value: String
    let line: Int
  }

  let name: String
  let line: Int
  private(set) var entries: [Entry] = []
  private(set) var mistakes: [String] = []

  init(name: String, line: Int) {
    self.name = name
    self.line = line
  }

  /// The sections of a text, in order: `[name]`, then `key = value`, a line each; `#` begins a
  /// comment.
  static func all(of text: String) -> (sections: [PlanSection], mistakes: [String]) {
    var sections: [PlanSection] = []
    var mistakes: [String] = []
    for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let line = Self.trimmed(raw.prefix { $0 != "#" })
      if line.isEmpty { continue }
      if line.hasPrefix("["), line.hasSuffix("]") {
        let name = Self.trimmed(line.dropFirst().dropLast())
        let isTwice = sections.contains { $0.name == name }
        if isTwice { mistakes.append("line \(index + 1): [\(name)] stands twice") }
        sections.append(PlanSection(name: name, line: index + 1))
        continue
      }
      guard let equals = line.firstIndex(of: "="), let last = sections.indices.last else {
        mistakes.append("line \(index + 1): neither [name] nor key = value")
        continue
      }
      sections[last].add(
        Entry(
          key: Self.trimmed(line[..<equals]),
          value: Self.trimmed(line[line.index(after: equals)...]), line: index + 1))
    }
    return (sections, mistakes)
  }

  static func trimmed(_ text: some StringProtocol) -> String {
    let isBlank = { (character: Character) in character == " " || character == "\t" }
    let end = text.reversed().drop(while: isBlank).reversed()
    return String(end.drop(while: isBlank))
  }

  private mutating func add(_ entry: Entry) {
    if self.entries.contains(where: { $0.key == entry.key }) {
      self.mistakes.append("line \(entry.line): \(entry.key) stands twice")
    }
    self.entries.append(entry)
  }

  mutating func refuse(_ mistake: String, line: Int? = nil) {
    self.mistakes.append("line \(line ?? self.line): \(mistake)")
  }

  /// Takes a value; nil where the key is not there.
  mutating func take<Value>(
    _ key: String, _ meaning: String, _ parse: (String) -> Value?
  ) -> Value? {
    guard let index = self.entries.firstIndex(where: { $0.key == key }) else { return nil }
    let entry = self.entries.remove(at: index)
    if let value = parse(entry.value) { return value }
    self.refuse("\(key) cannot be \"\(entry.value)\": \(meaning)", line: entry.line)
    return nil
  }

  /// Takes a text of 1 to `max` ASCII characters.
  mutating func text(_ key: String, max: Int) -> String? {
    self.take(key, "1 to \(max) ASCII characters") { text in
      (1...max).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
        ? text : nil
    }
  }

  /// Takes a text that must be there.
  mutating func needed(_ key: String, max: Int) -> String {
    if !self.entries.contains(where: { $0.key == key }) {
      self.refuse("[\(self.name)] has no \(key)")
    }
    return self.text(key, max: max) ?? ""
  }

  /// Takes a number within bounds into `value`.
  mutating func number<Number: FixedWidthInteger>(
    _ key: String, _ value: inout Number, _ bounds: ClosedRange<Number>
  ) {
    let meaning = "\(bounds.lowerBound) to \(bounds.upperBound)"
    let found = self.take(key, meaning) { text in
      Number(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
    value = found ?? value
  }

  /// Takes one word of a closed list.
  mutating func choice<Choice>(
    _ key: String, _: Choice.Type
  ) -> Choice? where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return self.take(key, "one of \(words)") { Choice(rawValue: $0) }
  }

  /// Everything was taken.
  mutating func taken() {
    self.entries = []
  }

  /// What is left after everything that has a meaning was taken.
  mutating func end() {
    for entry in self.entries {
      self.refuse("there is no \(entry.key) in [\(self.name)]", line: entry.line)
    }
    self.taken()
  }
}
