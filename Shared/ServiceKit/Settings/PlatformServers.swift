internal import RPC
internal import ServiceCore

/// A platform of somebody else's, as a setting names it.
public struct PlatformServers: Hashable, Sendable {
  /// How many one setting names at most.
  public static let platformsMax = 16

  /// Its name, as `Platform` has it.
  public let name: String
  /// Where it is found.
  public let servers: PeerServers
}

extension SettingsReader {
  /// Platforms of others: `name=host:port`, with spaces between, or `none`.
  public mutating func platforms(_ key: String, _ meaning: String) -> [PlatformServers] {
    let text = self.text(
      key, default: "none", "\(meaning): name=host:port, with spaces between, or none")
    if text == "none" { return [] }
    let words = text.split(separator: " ")
    let found = words.compactMap { word -> PlatformServers? in
      let parts = word.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, Platform.isName(String(parts[0])),
        let servers = PeerServers(String(parts[1]))
      else { return nil }
      return PlatformServers(name: String(parts[0]), servers: servers)
    }
    guard found.count == words.count, Set(found.map(\.name)).count == words.count,
      (1...PlatformServers.platformsMax).contains(words.count)
    else {
      self.refuse(
        "\(self.service.rawValue).\(key) cannot be \"\(text)\": name=host:port, with spaces "
          + "between, each name of 1 to 32 small letters, digits and hyphens and only once, at "
          + "most \(PlatformServers.platformsMax)")
      return []
    }
    return found
  }
}
