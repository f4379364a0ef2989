import Foundation
import Testing

@testable import Crypto

@Suite struct SigningKeyRotationTests {
  private let random = SecureRandom()

  @Test func `each key names the next, over as many as there were`() throws {
    try withDirectory { directory in
      let place = KeyRing.Place(
        directory: directory.path, service: "registry", signs: true, passphrase: "一 secret")
      let first = try #require(try KeyRing.create(place, random: self.random).signingKey)
      for _ in 0..<3 { _ = try KeyRing.rotateSigningKey(place) }
      let ring = try KeyRing.open(place, random: self.random)
      let last = try #require(ring.signingKey).publicKey()
      #expect(ring.successions.count == 3)
      #expect(try ring.successions.lead(from: first.publicKey(), to: last.name()))
      #expect(try !ring.successions.lead(from: last, to: first.publicKey().name()))
      let stranger = try SM2PrivateKey.generate().publicKey()
      #expect(try !ring.successions.lead(from: stranger, to: last.name()))
      #expect(try !ring.successions.lead(from: first.publicKey(), to: stranger.name()))
      let published = try String(
        contentsOfFile: directory.path + "/registry.sm2.pub.pem", encoding: .utf8)
      #expect(try SM2PublicKey(pem: published).name() == last.name())
    }
  }

  @Test func `a succession that somebody else signed, or that was altered, leads nowhere`() throws {
    let (old, new) = (try SM2PrivateKey.generate(), try SM2PrivateKey.generate())
    let good = try KeySuccession(of: new.publicKey(), by: old)
    #expect(try good.later(following: old.publicKey())?.name() == new.publicKey().name())
    #expect(KeySuccession("\(good)") == good)
    let words = "\(good)".split(separator: " ").map(String.init)
    let stranger = try KeySuccession(of: new.publicKey(), by: SM2PrivateKey.generate())
    let strangers = "\(stranger)".split(separator: " ").map(String.init)
    let forged = [words[0], words[1], strangers[2]].joined(separator: " ")
    #expect(try KeySuccession(forged)?.later(following: old.publicKey()) == nil)
    for text in ["", "a b", "\(good) more", "a zz \(words[2])"] {
      #expect(KeySuccession(text) == nil)
    }
  }

  @Test func `one that was cut short at any step is finished, with the same key`() throws {
    try withDirectory { directory in
      let place = KeyRing.Place(directory: directory.path, service: "registry", signs: true)
      let first = try #require(try KeyRing.create(place, random: self.random).signingKey)
      let next = try SM2PrivateKey.generate()
      try place.nextKey.make(next.pem())
      #expect(try KeyRing.open(place, random: self.random).successions == [])
      let word = try KeyRing.rotateSigningKey(place)
      #expect(try word.laterPEM == next.publicKey().pem())
      // As it was before the last step: the successions name a key that is not there yet.
      try place.nextKey.make(next.pem())
      try place.signingKey.replace(with: first.pem())
      #expect(try KeyRing.rotateSigningKey(place) == word)
      let ring = try KeyRing.open(place, random: self.random)
      #expect(ring.successions == [word])
      #expect(try ring.signingKey?.publicKey().name() == next.publicKey().name())
    }
  }

  @Test func `a passphrase opens what it closed, and nothing else does`() throws {
    try withDirectory { directory in
      var place = KeyRing.Place(
        directory: directory.path, service: "registry", signs: true, passphrase: "secret")
      _ = try KeyRing.create(place, random: self.random)
      let text = try String(
        contentsOfFile: directory.path + "/registry.sm2.pem", encoding: .utf8)
      #expect(text.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----"))
      for other in ["another", nil] {
        place.passphrase = other
        let error = #expect(throws: CryptoError.self) {
          try KeyRing.open(place, random: self.random)
        }
        guard case .keyFileUnfit(let path, let reason) = error else {
          Issue.record("\(String(describing: error))")
          continue
        }
        #expect(path.hasSuffix("registry.sm2.pem") && reason.contains("passphrase"))
      }
    }
  }
}
