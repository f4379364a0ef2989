import CertificateRegistryCore
import ServiceKit

/// What an operator says of those who are told of changes, and of the log's answers.
struct FeedSettings: Sendable {
  /// How many platforms changes are pushed to at most.
  static let sinksMax = 16

  let registry: RegistrySettings
  let sinks: [(name: String, servers: PeerServers)]

  /// Reads the registry's own settings.
  init(_ reader: inout SettingsReader) {
    let watchers = reader.text(
      "feed.watchers", default: "none",
      "the integrators that may watch the changes, by the `sub` of their tokens: with spaces "
        + "between, or none; auditors always may")
    let sinks = reader.text(
      "feed.sinks", default: "none",
      "the platforms that changes are pushed to (anju.feed.v1.ChangeSink): name=host:port, with "
        + "spaces between, or none; how far each was told is kept under its name")
    self.registry = RegistrySettings(
      watchers: watchers == "none" ? [] : Set(watchers.split(separator: " ").map(String.init)),
      leafWaitMs: reader.number(
        "log.answer.ms", default: 2_000, in: 0...10_000,
        "how many milliseconds the answer to a change of a permit waits for its leaf in the log"))
    self.sinks = sinks == "none" ? [] : Self.sinks(sinks, &reader)
  }

  private static func sinks(
    _ text: String, _ reader: inout SettingsReader
  ) -> [(name: String, servers: PeerServers)] {
    let words = text.split(separator: " ")
    let found = words.compactMap { word -> (name: String, servers: PeerServers)? in
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, FeedSink.isName(String(parts[0])),
        let servers = PeerServers(String(parts[1]))
      else { return nil }
      return (String(parts[0]), servers)
    }
    let names = Set(found.map(\.name))
    guard found.count == words.count, names.count == words.count,
      (1...Self.sinksMax).contains(words.count)
    else {
      reader.refuse(
        "registry.feed.sinks cannot be \"\(text)\": name=host:port, with spaces between, each name "
          + "of 1 to 32 small letters, digits and hyphens and only once, at most \(Self.sinksMax)")
      return []
    }
    return found
  }
}
