/// A finding's facts as they are stored: a line each, its name before the first `=`. Neither holds
/// a line break: names are ours, values are days, codes and words.
enum StoredFacts {
  static func text(_ facts: [Finding.Fact]) -> String {
    facts.map { "\($0.name)=\($0.value)" }.joined(separator: "\n")
  }

  static func facts(_ text: String) -> [Finding.Fact] {
    text.split(separator: "\n").map { line in
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return Finding.Fact(name: String(parts[0]), value: parts.count > 1 ? String(parts[1]) : "")
    }
  }
}
