internal import DomainModel
internal import Logging

/// Writes each log event as one line: a JSON object, or text for a person at a terminal.
///
/// Logs hold no personal data: handlers log ids, never names, numbers or messages.
struct LineLogHandler: LogHandler {
  /// The longest value of one field, in characters; the rest is cut.
  static let valueCharactersMax = 4096

  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  var logLevel: Logger.Level

  let label: String
  let format: CommonSettings.LogFormat
  let output: any LogOutput
  let clock: any TimeSource

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { self.metadata[key] }
    set { self.metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var merged = self.metadata
    if let provided = self.metadataProvider?.get() {
      merged.merge(provided) { _, new in new }
    }
    if let own = event.metadata {
      merged.merge(own) { _, new in new }
    }
    var fields: [(String, String)] = [
      ("time", InstantText.utc(self.clock.now())),
      ("level", event.level.rawValue),
      ("service", self.label),
      ("message", Self.cut(event.message.description)),
    ]
    let reserved = fields.count
    for (key, value) in merged.sorted(by: { $0.key < $1.key }) {
      let isTaken = fields[..<reserved].contains { $0.0 == key }
      fields.append((isTaken ? "_\(key)" : key, Self.cut(value.description)))
    }
    if let error = event.error { fields.append(("error", Self.cut("\(error)"))) }
    self.output.write(self.line(of: fields))
  }

  private func line(of fields: [(String, String)]) -> String {
    switch self.format {
    case .json:
      return JSONText.object(fields)
    case .text:
      let head = fields.prefix(4).map { $0.1 }.joined(separator: " ")
      let tail = fields.dropFirst(4).map { "\($0.0)=\(JSONText.quoted($0.1))" }
      return ([head] + tail).joined(separator: " ")
    }
  }

  private static func cut(_ text: String) -> String {
    text.utf8.count <= Self.valueCharactersMax
      ? text : String(text.prefix(Self.valueCharactersMax)) + "…"
  }
}
