internal import Configuration
public import RPC

/// Reads one service's settings: environment before file before default.
///
/// Each read declares a setting (key, default, meaning), so the documented list cannot differ from
/// what is read. A bad value is remembered and the default returned; `finish()` then throws every
/// problem at once, with every key of the service's own namespace that nothing declared.
public struct SettingsReader {
  /// Whose settings are read; every key begins with its name.
  public let service: ServiceName
  /// What was declared so far, in order.
  public private(set) var rows: [SettingRow] = []

  private let configuration: ConfigReader
  private let file: SettingsFile
  private let environment: [String: String]
  private var problems: [String]

  /// A reader over a settings file's text and the environment.
  public init(
    service: ServiceName, fileName: String? = nil, fileText: String = "",
    environment: [String: String] = [:]
  ) {
    self.service = service
    self.environment = environment
    self.file = fileName.map { SettingsFile(name: $0, text: fileText) } ?? .none
    self.problems = self.file.problems
    var values: [AbsoluteConfigKey: ConfigValue] = [:]
    for entry in self.file.entries {
      let parts = entry.key.split(separator: ".").map(String.init)
      values[AbsoluteConfigKey(parts)] = ConfigValue(.string(entry.value), isSecret: false)
    }
    self.configuration = ConfigReader(providers: [
      EnvironmentVariablesProvider(environmentVariables: environment),
      InMemoryProvider(name: self.file.name, values: values),
    ])
  }

  /// A text of 1 to 1,024 characters.
  public mutating func text(_ key: String, default value: String, _ meaning: String) -> String {
    self.read(key, default: value, shown: value, meaning) { text in
      (1...1024).contains(text.count) ? text : nil
    }
  }

  /// A text of 1 to 1,024 characters; nil where nobody sets it.
  public mutating func optionalText(_ key: String, _ meaning: String) -> String? {
    self.read(key, default: nil, shown: "", meaning) { text in
      (1...1024).contains(text.count) ? .some(text) : nil
    }
  }

  /// A whole number within bounds.
  public mutating func number(
    _ key: String, default value: Int, in bounds: ClosedRange<Int>, _ meaning: String
  ) -> Int {
    let told = "\(meaning) (\(bounds.lowerBound) to \(bounds.upperBound))"
    return self.read(key, default: value, shown: "\(value)", told) { text in
      Int(text).flatMap { bounds.contains($0) ? $0 : nil }
    }
  }

  /// One word of a closed list.
  public mutating func choice<Choice>(
    _ key: String, default value: Choice, _ meaning: String
  ) -> Choice where Choice: CaseIterable & RawRepresentable, Choice.RawValue == String {
    let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
    return self.read(key, default: value, shown: value.rawValue, "\(meaning): \(words)") { text in
      Choice(rawValue: text)
    }
  }

  /// Where a peer's servers are found: `host:port`, or several with commas between.
  public mutating func peer(_ peer: ServiceName) -> PeerServers {
    let value = PeerServers(peer.defaultAddress)
    let meaning =
      "where the \(peer.rawValue) service is found: host:port, or several with commas between; a "
      + "name stands for all its addresses"
    return self.read("peers.\(peer.rawValue)", default: value, shown: "\(value)", meaning) {
      PeerServers($0)
    }
  }

  /// Bounds of single methods; see `MethodCalls`.
  mutating func methodCalls(
    _ key: String, default value: MethodCalls, _ meaning: String
  ) -> MethodCalls {
    self.read(key, default: value, shown: "\(value)", meaning) { MethodCalls($0) }
  }

  /// Remembers a problem that only several settings together show.
  public mutating func refuse(_ problem: String) {
    self.problems.append(problem)
  }

  /// Throws everything that was wrong, unknown keys included.
  public func finish() throws(ConfigurationError) {
    let problems = self.problems + self.unknownInFile() + self.unknownInEnvironment()
    guard problems.isEmpty else { throw ConfigurationError(problems: problems) }
  }

  /// Throws what was wrong with what was declared: for who does not know a service's own settings.
  func finishCommon() throws(ConfigurationError) {
    guard self.problems.isEmpty else { throw ConfigurationError(problems: self.problems) }
  }

  private mutating func read<Value>(
    _ key: String, default value: Value, shown: String, _ meaning: String,
    parse: (String) -> Value?
  ) -> Value {
    let row = SettingRow(
      key: "\(self.service.rawValue).\(key)", defaultText: shown, meaning: meaning)
    precondition(!self.rows.contains { $0.key == row.key }, "\(row.key) is declared twice")
    self.rows.append(row)
    guard let text = self.configuration.string(forKey: ConfigKey(row.key)) else { return value }
    if let parsed = parse(text) { return parsed }
    self.problems.append("\(self.place(of: row)) cannot be \"\(text)\": \(row.meaning)")
    return value
  }

  private func place(of row: SettingRow) -> String {
    if self.environment[row.variable] != nil { return row.variable }
    let line = self.file.entries.first { $0.key == row.key }.map { " line \($0.line)" } ?? ""
    return "\(self.file.name)\(line): \(row.key)"
  }

  private func unknownInFile() -> [String] {
    let known = Set(self.rows.map(\.key))
    return self.file.entries.compactMap { entry in
      let space = entry.key.split(separator: ".").first.map(String.init) ?? ""
      let isOthers = ServiceName(rawValue: space).map { $0 != self.service } ?? false
      if known.contains(entry.key) || isOthers { return nil }
      return "\(self.file.name) line \(entry.line): there is no setting \(entry.key)"
    }
  }

  private func unknownInEnvironment() -> [String] {
    let known = Set(self.rows.map(\.variable))
    return self.environment.keys.sorted().compactMap { name in
      guard name.hasPrefix(self.service.environmentPrefix), !known.contains(name) else {
        return nil
      }
      return "\(name): there is no such setting in the environment"
    }
  }
}
