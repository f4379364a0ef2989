internal import DomainModel
internal import RPC

/// Tokens that were believed, until they expire: a signature costs a hundred times what a look here
/// does.
///
/// Two generations bound it: when the young one is full the old one is dropped, and what is asked
/// for in the old one moves to the young. So what is used stays, and nothing is ever searched for
/// something to drop.
struct TokenCache: Sendable {
  /// How many tokens a generation holds.
  static let tokensMax = 2_048
  /// How many bytes of tokens a generation holds.
  static let bytesMax = 2 << 20

  private struct Entry {
    let token: String
    let caller: Caller
    let holdsUntil: Timestamp
  }

  private var young: [UInt64: Entry] = [:]
  private var old: [UInt64: Entry] = [:]
  private var youngBytes = 0

  /// How many tokens are kept.
  var count: Int { self.young.count + self.old.count }

  /// The caller of a token that was kept and still holds. A token whose time is over is left to
  /// the verifier, which says so.
  mutating func caller(of token: Substring, at now: Timestamp) -> Caller? {
    let key = Self.key(of: token)
    if let entry = self.young[key] { return Self.caller(of: entry, token, now) }
    guard let entry = self.old[key], let caller = Self.caller(of: entry, token, now) else {
      return nil
    }
    self.old[key] = nil
    self.insert(entry, as: key)
    return caller
  }

  /// Keeps a token that was believed.
  mutating func keep(_ token: Substring, of caller: Caller, until holdsUntil: Timestamp) {
    self.insert(
      Entry(token: String(token), caller: caller, holdsUntil: holdsUntil), as: Self.key(of: token))
  }

  /// Forgets all of them: the keys have changed.
  mutating func removeAll() {
    self = TokenCache()
  }

  private mutating func insert(_ entry: Entry, as key: UInt64) {
    if self.young.count >= Self.tokensMax || self.youngBytes >= Self.bytesMax {
      self.old = self.young
      self.young = [:]
      self.youngBytes = 0
    }
    self.youngBytes += entry.token.utf8.count
    if let before = self.young.updateValue(entry, forKey: key) {
      self.youngBytes -= before.token.utf8.count
    }
  }

  private static func caller(
    of entry: Entry, _ token: Substring, _ now: Timestamp
  ) -> Caller? {
    guard now < entry.holdsUntil, entry.token == token else { return nil }
    return entry.caller
  }

  /// The token's last eight bytes, which are the end of its signature: as good as a hash, for only
  /// what was believed is kept, and nobody can choose how a signature ends. The whole token is
  /// compared after it.
  private static func key(of token: Substring) -> UInt64 {
    token.utf8.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
