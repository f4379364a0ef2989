/// Why a data file was not taken; a service does not start on one.
public struct PolicyFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's name.
  public let file: String
  /// The line, counted from 1; 0 where the file as a whole is wrong.
  public let line: Int
  /// What is wrong, in English.
  public let reason: String

  /// An error at a line.
  public init(file: String, line: Int, reason: String) {
    self.file = file
    self.line = line
    self.reason = reason
  }

  /// `file:line: reason`.
  public var description: String { "\(self.file):\(self.line): \(self.reason)" }
}

/// A data file of tab-separated lines. Empty lines and those that begin with `#` say nothing; a
/// field that is empty is written `-`, so that no editor strips it.
struct PolicyFile {
  let name: String
  let rows: [PolicyRow]

  init(name: String, text: String) {
    self.name = name
    let lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
    self.rows = lines.enumerated().compactMap { index, line in
      let bare = line.last == "\r" ? line.dropLast() : line
      if bare.isEmpty || bare.first == "#" { return nil }
      let fields = bare.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return PolicyRow(file: name, line: index + 1, fields: fields)
    }
  }

  /// An error about the file as a whole.
  func error(_ reason: String) -> PolicyFileError {
    PolicyFileError(file: self.name, line: 0, reason: reason)
  }
}

/// One line of a data file; its readers throw errors that name the line.
struct PolicyRow {
  let file: String
  let line: Int
  let fields: [String]

  func error(_ reason: String) -> PolicyFileError {
    PolicyFileError(file: self.file, line: self.line, reason: reason)
  }

  /// Refuses a line with more or fewer fields.
  func require(fields count: Int) throws(PolicyFileError) {
    if self.fields.count != count {
      throw self.error("\(self.fields.count) fields where \(count) are wanted")
    }
  }

  /// A field that must not be empty.
  func text(_ index: Int, _ name: String) throws(PolicyFileError) -> String {
    guard let text = self.optionalText(index) else { throw self.error("\(name) is missing") }
    return text
  }

  /// A field, or nil where it is empty.
  func optionalText(_ index: Int) -> String? {
    guard self.fields.indices.contains(index) else { return nil }
    let text = self.fields[index]
    return text.isEmpty || text == "-" ? nil : text
  }

  /// A day.
  func date(_ index: Int, _ name: String) throws(PolicyFileError) -> CivilDate {
    let text = try self.text(index, name)
    guard let date = CivilDate(iso: text) else {
      throw self.error("\(name) is no date: \(text)")
    }
    return date
  }

  /// A day, or nil for an empty field.
  func optionalDate(_ index: Int, _ name: String) throws(PolicyFileError) -> CivilDate? {
    self.optionalText(index) == nil ? nil : try self.date(index, name)
  }

  /// A field of exactly `count` digits.
  func digits(_ index: Int, _ name: String, count: Int) throws(PolicyFileError) -> String {
    let text = try self.text(index, name)
    guard text.utf8.count == count, text.utf8.allSatisfy(isDigit) else {
      throw self.error("\(name) is not \(count) digits: \(text)")
    }
    return text
  }

  /// The words of a field between commas; none for an empty field.
  func list(_ index: Int) -> [String] {
    (self.optionalText(index) ?? "").split(separator: ",").map(String.init)
  }
}
