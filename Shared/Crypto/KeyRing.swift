public import DomainModel

/// The keys of one service, from files in one directory:
///
/// - `<service>.data.key`: seals personal columns; each line after the first is an earlier key,
///   which still opens;
/// - `<service>.blind.key`: makes blind indexes; persons are looked for under the first key, then
///   under the others, and written under all (`PersonKeys` says how one is rotated);
/// - `<service>.sm2.pem`: signs certificates; the registry's only; encrypted where there is a
///   passphrase. Beside it stand its public half, `<service>.sm2.pub.pem`, for whoever checks them,
///   which is made again where it is missing, and `<service>.sm2.succession`, a line for each time
///   that another key took its place (`KeySuccession`).
///
/// Key files belong to no backup and no repository. Who loses them loses every sealed column.
public struct KeyRing: Sendable {
  /// Seals with the first data key, opens with all.
  public let sealer: AESGCMSealer
  /// The blind index of identity and phone numbers.
  public let blindIndex: HMACBlindIndex
  /// The signing key; nil for a service that signs nothing.
  public let signingKey: SM2PrivateKey?
  /// How signing keys took each other's place, oldest first.
  public let successions: [KeySuccession]

  /// Which keys, and where.
  public struct Place: Hashable, Sendable {
    /// The directory, mode 0700.
    public var directory: String
    /// The service's name, such as `intake`: letters of a–z, digits, hyphens.
    public var service: String
    /// Whether the service signs.
    public var signs: Bool
    /// What the signing key is encrypted under; nil where it is not.
    public var passphrase: String?

    /// Keys of a service in a directory.
    public init(
      directory: String, service: String, signs: Bool = false, passphrase: String? = nil
    ) {
      self.directory = directory
      self.service = service
      self.signs = signs
      self.passphrase = passphrase
    }

    /// The path of the file with the data keys.
    public var dataKeyPath: String { self.dataKey.path }
    /// The path of the file with the blind index's keys.
    public var blindKeyPath: String { self.blindKey.path }

    var dataKey: KeyFile { KeyFile(directory: self.directory, name: "\(self.service).data.key") }
    var blindKey: KeyFile { KeyFile(directory: self.directory, name: "\(self.service).blind.key") }
    var signingKey: KeyFile { KeyFile(directory: self.directory, name: "\(self.service).sm2.pem") }
    var publicKey: KeyFile {
      KeyFile(directory: self.directory, name: "\(self.service).sm2.pub.pem")
    }
    var successions: KeyFile {
      KeyFile(directory: self.directory, name: "\(self.service).sm2.succession")
    }
    /// The next signing key, while it takes the place of the one before.
    var nextKey: KeyFile {
      KeyFile(directory: self.directory, name: "\(self.service).sm2.next.pem")
    }
  }

  /// The keys of a store that has data: every file must be there. Throws
  /// `CryptoError.keyFileMissing` rather than make a key under which nothing could be opened.
  public static func open(_ place: Place, random: any RandomSource) throws -> KeyRing {
    let dataKeys = try KeyLines.read(place.dataKey)
    let blindKeys = try KeyLines.read(place.blindKey)
    let signingKey = place.signs ? try place.readSigningKey() : nil
    if let signingKey, !place.publicKey.exists {
      try place.publicKey.make(Array(signingKey.publicKey().pem().utf8))
    }
    return KeyRing(
      sealer: AESGCMSealer(
        current: dataKeys[0], earlier: Array(dataKeys.dropFirst()), random: random),
      blindIndex: HMACBlindIndex(key: blindKeys[0], others: Array(blindKeys.dropFirst())),
      signingKey: signingKey, successions: place.signs ? try place.readSuccessions() : [])
  }

  /// The keys of an empty store: what is missing is made. A start that was cut short made some of
  /// them; the next takes those and makes the rest. Replicas that start at once over one directory
  /// get the same keys.
  public static func create(_ place: Place, random: any RandomSource) throws -> KeyRing {
    for file in [place.dataKey, place.blindKey] where !file.exists {
      try file.make(KeyLines.newKey(random: random))
    }
    if place.signs && !place.signingKey.exists {
      try place.signingKey.make(
        SM2PrivateKey.generate().pem(passphrase: place.passphrase))
    }
    return try self.open(place, random: random)
  }

  /// `open` where the store has data, else `create`.
  public static func load(
    _ place: Place, storeHasData: Bool, random: any RandomSource
  ) throws -> KeyRing {
    storeHasData
      ? try self.open(place, random: random) : try self.create(place, random: random)
  }
}

/// Key files of symmetric keys: a line for each, its name and 64 hexadecimal digits.
private enum KeyLines {
  static func newKey(random: any RandomSource) -> [UInt8] {
    let id = Hex.encode(random.bytes(8))
    return Array("\(id) \(Hex.encode(random.bytes(SecretKey.byteCount)))\n".utf8)
  }

  /// The keys of a file, at least one; the first is the current one.
  static func read(_ file: KeyFile) throws -> [SecretKey] {
    let lines = try file.read().split(separator: UInt8(ascii: "\n"))
    let keys = try lines.enumerated().map { index, line in
      let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
      guard words.count == 2, let bytes = Hex.decode(words[1]),
        let key = SecretKey(id: words[0], bytes: bytes)
      else {
        throw CryptoError.keyFileUnfit(
          path: file.path, reason: "line \(index + 1) is no name and 64 hexadecimal digits")
      }
      return key
    }
    if keys.isEmpty { throw CryptoError.keyFileUnfit(path: file.path, reason: "it has no key") }
    if Set(keys.map(\.id)).count != keys.count {
      throw CryptoError.keyFileUnfit(path: file.path, reason: "two keys have the same name")
    }
    return keys
  }
}
