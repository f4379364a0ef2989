import ServiceKit

/// What an operator decides of intake alone.
struct OwnSettings: Sendable {
  /// The integrators that may declare residences in batches.
  let registrars: Set<String>

  /// Reads intake's own settings.
  init(_ reader: inout SettingsReader) {
    let registrars = reader.text(
      "batch.registrars", default: "none",
      "the integrators that may declare residences in batches, by the `sub` of their tokens: with "
        + "spaces between, or none")
    self.registrars =
      registrars == "none" ? [] : Set(registrars.split(separator: " ").map(String.init))
  }
}
