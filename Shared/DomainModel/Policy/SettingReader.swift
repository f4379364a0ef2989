/// The lines of a policy while they are read: each key once, none left over.
struct SettingReader {
  private let file: PolicyFile
  private var rows: [String: PolicyRow] = [:]
  private var grounds: [String: String] = [:]
  /// Where each key stands, also after it was read.
  private let lines: [String: PolicyRow]

  init(file: PolicyFile, rows: [PolicyRow]) throws(PolicyFileError) {
    self.file = file
    for row in rows {
      try row.require(fields: 3)
      let key = try row.text(0, "key")
      if let earlier = self.rows[key] { throw row.error("\(key) stands in line \(earlier.line)") }
      self.rows[key] = row
      self.grounds[key] = try row.text(2, "ground")
    }
    self.lines = self.rows
  }

  /// Throws at a key's line what is wrong with its value beside the others.
  func require(_ holds: Bool, _ key: String, _ reason: String) throws(PolicyFileError) {
    if !holds, let row = self.lines[key] { throw row.error("\(key) \(reason)") }
  }

  private mutating func row(_ key: String) throws(PolicyFileError) -> PolicyRow {
    guard let row = self.rows.removeValue(forKey: key) else {
      throw self.file.error("\(key) is missing")
    }
    return row
  }

  mutating func text(_ key: String) throws(PolicyFileError) -> String {
    try self.row(key).text(1, key)
  }

  /// A text, or nil for an empty field.
  mutating func optionalText(_ key: String) throws(PolicyFileError) -> String? {
    try self.row(key).optionalText(1)
  }

  mutating func digits(_ key: String, count: Int) throws(PolicyFileError) -> String {
    try self.row(key).digits(1, key, count: count)
  }

  mutating func number(
    _ key: String, in bounds: ClosedRange<Int>
  ) throws(PolicyFileError) -> Int {
    try self.row(key).number(1, key, in: bounds)
  }

  /// The days from one setting to another; `-` leaves the end open.
  mutating func days(from first: String, to last: String) throws(PolicyFileError) -> Validity {
    let begins = try self.row(first).date(1, first)
    let row = try self.row(last)
    let ends = try row.optionalDate(1, last)
    if let ends, ends < begins { throw row.error("\(last) is before \(first)") }
    return Validity(first: begins, last: ends)
  }

  /// Codes of divisions between commas.
  mutating func divisions(_ key: String) throws(PolicyFileError) -> Set<String> {
    let row = try self.row(key)
    let codes = row.list(1)
    for code in codes where code.utf8.count != 6 || !code.utf8.allSatisfy(isDigit) {
      throw row.error("\(key) has no code of a division: \(code)")
    }
    return Set(codes)
  }

  /// Words of a catalogue between commas, in small letters, digits and `_`; none for `-`.
  mutating func reasons(_ key: String) throws(PolicyFileError) -> Set<String> {
    let row = try self.row(key)
    let words = row.list(1)
    for word in words
    where word.utf8.count > 64 || !word.utf8.allSatisfy({ Self.isWordByte($0) }) {
      throw row.error("\(key) has no word in small letters: \(word)")
    }
    if Set(words).count != words.count { throw row.error("a word of \(key) stands twice") }
    return Set(words)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || byte == UInt8(ascii: "_")
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  /// The hours of a working day, such as `08:30-12:00 14:00-17:30`.
  mutating func officeHours(_ key: String) throws(PolicyFileError) -> OfficeHours {
    let row = try self.row(key)
    var spans: [OfficeHours.Span] = []
    for word in try row.text(1, key).split(separator: " ") {
      guard let times = PolicyRow.times(word), times.opens >= spans.last?.closes ?? 0 else {
        throw row.error("\(key) is spans of a day in their order, not \(word)")
      }
      spans.append(OfficeHours.Span(opens: times.opens, closes: times.closes))
    }
    return OfficeHours(spans: spans)
  }

  mutating func flag(_ key: String) throws(PolicyFileError) -> Bool {
    let row = try self.row(key)
    switch try row.text(1, key) {
    case "true": return true
    case "false": return false
    case let text: throw row.error("\(key) is true or false, not \(text)")
    }
  }

  mutating func choice<Choice: RawRepresentable & CaseIterable>(
    _ key: String
  ) throws(PolicyFileError) -> Choice where Choice.RawValue == String {
    let row = try self.row(key)
    let text = try row.text(1, key)
    guard let choice = Choice(rawValue: text) else {
      let all = Choice.allCases.map(\.rawValue).joined(separator: " or ")
      throw row.error("\(key) is \(all), not \(text)")
    }
    return choice
  }

  mutating func certificateType(_ key: String) throws(PolicyFileError) -> String {
    let row = try self.row(key)
    let text = try row.text(1, key)
    guard CertificateIdentifier.isType(text) else {
      throw row.error("\(key) is a credit code and three digits, not \(text)")
    }
    return text
  }

  /// The grounds of all settings; throws if a key was left over.
  func finish() throws(PolicyFileError) -> [String: String] {
    if let stranger = self.rows.values.min(by: { $0.line < $1.line }) {
      throw stranger.error("no such setting: \(stranger.fields[0])")
    }
    return self.grounds
  }
}
