extension KeyRing {
  /// Puts a new signing key in the place of the one there is, which says so itself
  /// (`KeySuccession`); returns that word. The earlier private key is gone then; what it signed
  /// stays verifiable by its public half, which the registry's store keeps.
  ///
  /// One that was cut short is taken up again where it stopped. A process that runs goes on with
  /// the key it has until it is started anew, and signs nothing more once another has begun with
  /// the new one.
  public static func rotateSigningKey(_ place: Place) throws -> KeySuccession {
    let earlier = try place.readSigningKey()
    if !place.nextKey.exists {
      try place.nextKey.make(SM2PrivateKey.generate().pem(passphrase: place.passphrase))
    }
    let next = try SM2PrivateKey(pem: place.nextKey.read(), passphrase: place.passphrase)
    let pem = try next.publicKey().pem()
    var successions = try place.readSuccessions()
    let succession =
      try successions.first { $0.laterPEM == pem }
      ?? KeySuccession(of: next.publicKey(), by: earlier)
    if !successions.contains(succession) {
      successions.append(succession)
      let lines = successions.map { "\($0)\n" }.joined()
      try place.successions.replace(with: Array(lines.utf8))
    }
    // Made again from the private half by whoever starts next.
    try place.publicKey.remove()
    try place.nextKey.take(placeOf: place.signingKey)
    return succession
  }
}

extension KeyRing.Place {
  func readSigningKey() throws -> SM2PrivateKey {
    do {
      return try SM2PrivateKey(pem: self.signingKey.read(), passphrase: self.passphrase)
    } catch CryptoError.keyUnreadable(let reason) {
      throw CryptoError.keyFileUnfit(
        path: self.signingKey.path,
        reason: "\(reason); is it encrypted, and \(self.passphraseHint)?")
    }
  }

  private var passphraseHint: String {
    self.passphrase == nil ? "its passphrase not set" : "the passphrase another one"
  }

  func readSuccessions() throws -> [KeySuccession] {
    guard self.successions.exists else { return [] }
    let text = String(decoding: try self.successions.read(), as: UTF8.self)
    let lines = text.split(separator: "\n")
    let successions = lines.prefix(KeySuccession.listMax).compactMap { KeySuccession(String($0)) }
    guard successions.count == lines.count else {
      throw CryptoError.keyFileUnfit(
        path: self.successions.path, reason: "it has a line that is no succession of keys")
    }
    return successions
  }
}
