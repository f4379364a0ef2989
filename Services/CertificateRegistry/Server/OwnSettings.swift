import CertificateRegistryCore
import ServiceKit

/// What an operator decides of the registry and of its process.
struct OwnSettings: Sendable {
  let registry: RegistrySettings
  let sinks: [Sink]
  /// A platform that is told of changes.
  struct Sink: Sendable {
    let name: String
    let servers: PeerServers
    /// The digits with which the divisions begin whose changes it is told; "" for all.
    var divisionPrefix = ""
  }

  /// What the signing key's file is encrypted under; nil where it is not.
  let passphrase: String?

  /// Reads the registry's own settings.
  init(_ reader: inout SettingsReader) {
    let watchers = reader.text(
      "feed.watchers", default: "none",
      "the integrators that may watch the changes, by the `sub` of their tokens: with spaces "
        + "between, or none; auditors always may")
    let all = reader.platforms(
      "feed.sinks",
      "the platforms that changes are pushed to (anju.feed.v1.ChangeSink); how far each was told is "
        + "kept under its name")
    let divisions = reader.text(
      "feed.divisions", default: "none",
      "the platforms that are told the changes of one division only: name=33, 3301 or 330106, with "
        + "spaces between, or none")
    var registry = RegistrySettings()
    registry.watchers =
      watchers == "none" ? [] : Set(watchers.split(separator: " ").map(String.init))
    registry.leafWaitMs = reader.number(
      "log.answer.ms", default: registry.leafWaitMs, in: 0...10_000,
      "how many milliseconds the answer to a change of a permit waits for its leaf in the log")
    registry.provisionYears = reader.number(
      "provisions.years", default: registry.provisionYears, in: RegistrySettings.provisionYears,
      "for how many years it is kept who looked at whose permit")
    registry.erasureYears = reader.number(
      "erasure.years", default: registry.erasureYears, in: RegistrySettings.erasureYears,
      "for how many years a person's permits and registrations are kept after the last of them has "
        + "ended; then he is erased")
    registry.authorities = Authorities(
      reader.text(
        "authorities", default: Authorities.standard,
        "the integrators, by id with spaces between, that may report what has become of persons "
          + "and import permits"))
    registry.issuing = Self.issuing(&reader)
    self.registry = registry
    self.passphrase = reader.optionalText(
      "keys.passphrase", "what the signing key's file is encrypted under, where it is")
    let sinks = all.map { Sink(name: $0.name, servers: $0.servers) }
    self.sinks = divisions == "none" ? sinks : Self.narrowed(sinks, divisions, &reader)
  }

  private static func narrowed(
    _ sinks: [Sink], _ text: String, _ reader: inout SettingsReader
  ) -> [Sink] {
    var narrowed = sinks
    for word in text.split(separator: " ") {
      let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, FeedSink.isPrefix(parts[1]),
        let index = narrowed.firstIndex(where: { $0.name == parts[0] && $0.divisionPrefix.isEmpty })
      else {
        reader.refuse(
          "registry.feed.divisions cannot be \"\(text)\": name=digits, with spaces between, each "
            + "name one of registry.feed.sinks and only once, and 2, 4 or 6 digits")
        return sinks
      }
      narrowed[index].divisionPrefix = parts[1]
    }
    return narrowed
  }

  private static func issuing(_ reader: inout SettingsReader) -> RegistrySettings.Issuing {
    var issuing = RegistrySettings.Issuing()
    issuing.lookSeconds = reader.number(
      "issuing.look.s", default: issuing.lookSeconds, in: 5...3_600,
      "how many seconds pass between two looks whether anything speaks against issuing")
    issuing.entriesMax = reader.number(
      "issuing.look.entries", default: issuing.entriesMax, in: 0...4_096,
      "how many of the newest entries of the log such a look takes")
    issuing.clockOffSeconds = reader.number(
      "issuing.clock.off.s", default: issuing.clockOffSeconds, in: 60...315_360_000,
      "how many seconds the clock may stand before the newest head of the log, or from the clock "
        + "of a PostgreSQL server, before issuing stops")
    issuing.clockAheadDays = reader.number(
      "issuing.clock.ahead.days", default: issuing.clockAheadDays, in: 1...36_500,
      "on SQLite: how many days the clock may stand after the newest head of the log")
    return issuing
  }
}
