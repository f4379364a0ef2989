/// Whose tokens a service believes.
public struct TokenSettings: Hashable, Sendable {
  /// When tokens of the development key are believed.
  public enum Development: String, Hashable, Sendable, CaseIterable {
    /// While the service listens on loopback.
    case loopback
    case never
  }

  /// The file of the issuer's public keys; nil where only the development key is believed.
  public var keys: String?
  /// Who signs tokens.
  public var issuer = "anju"
  /// Whom tokens must be for.
  public var audience = "anju"
  /// When tokens of the development key are believed.
  public var development = Development.loopback
  /// Where the development key lies.
  public var developmentDirectory = ".anju/keys"

  /// The defaults: the development key, on loopback.
  public init() {}

  /// Reads the settings; the development key lies beside the service's other keys unless another
  /// place is named, which services with key directories of their own need.
  init(reading reader: inout SettingsReader, keyDirectory: String) {
    self.keys = reader.optionalText(
      "tokens.keys", "the file of the public keys that tokens are verified with (JWK Set)")
    self.issuer = reader.text(
      "tokens.issuer", default: self.issuer, "what `iss` of a token must be")
    self.audience = reader.text(
      "tokens.audience", default: self.audience, "what `aud` of a token must be or hold")
    self.development = reader.choice(
      "tokens.development", default: self.development,
      "when tokens of the development key are believed")
    self.developmentDirectory = reader.text(
      "tokens.development.directory", default: keyDirectory,
      "where the development key lies, where it is not `keys.directory`")
  }
}
