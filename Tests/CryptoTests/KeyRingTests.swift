import DomainModel
import Foundation
import Testing

@testable import Crypto

@Suite struct KeyRingTests {
  private let cell = SealedPlace(table: "t", column: "c", row: "r")
  private let random = SecureRandom()

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func `makes keys for an empty store and finds them again`() throws {
    try withDirectory { parent in
      let directory = parent.appending(path: "deep/keys").path
      let place = KeyRing.Place(directory: directory, service: "registry", signs: true)
      let made = try KeyRing.load(place, storeHasData: false, random: self.random)
      let sealed = try made.sealer.seal([1, 2, 3], as: self.cell)
      let signature = try #require(made.signingKey).sign([9])

      let found = try KeyRing.load(place, storeHasData: true, random: self.random)
      #expect(try found.sealer.open(sealed, as: self.cell) == [1, 2, 3])
      #expect(found.blindIndex.blind("x") == made.blindIndex.blind("x"))
      #expect(try #require(found.signingKey).publicKey().verify(signature, of: [9]))
      #expect(try self.mode(directory) == 0o700)
      for name in ["registry.data.key", "registry.blind.key", "registry.sm2.pem"] {
        #expect(try self.mode(directory + "/" + name) == 0o600)
      }
      let published = try String(
        contentsOfFile: directory + "/registry.sm2.pub.pem", encoding: .utf8)
      #expect(try SM2PublicKey(pem: published).verify(signature, of: [9]))
      #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 4)
    }
  }

  @Test func `each service has keys of its own`() throws {
    try withDirectory { directory in
      let rings = try ["intake", "approval"].map { service in
        try KeyRing.create(
          KeyRing.Place(directory: directory.path, service: service), random: self.random)
      }
      #expect(rings[0].signingKey == nil)
      #expect(rings[0].sealer.keyID != rings[1].sealer.keyID)
      #expect(rings[0].blindIndex.blind("x") != rings[1].blindIndex.blind("x"))
      let sealed = try rings[0].sealer.seal([1], as: self.cell)
      #expect(throws: CryptoError.self) { try rings[1].sealer.open(sealed, as: self.cell) }
    }
  }

  @Test(arguments: ["intake.data.key", "intake.blind.key", "intake.sm2.pem"])
  func `a lost key is an error where there is data, and no new key is made`(lost: String) throws {
    try withDirectory { directory in
      let place = KeyRing.Place(directory: directory.path, service: "intake", signs: true)
      _ = try KeyRing.create(place, random: self.random)
      let path = directory.appending(path: lost).path
      try FileManager.default.removeItem(atPath: path)
      #expect(throws: CryptoError.keyFileMissing(path: path)) {
        try KeyRing.load(place, storeHasData: true, random: self.random)
      }
      #expect(!FileManager.default.fileExists(atPath: path))
    }
  }

  @Test func `a start that was cut short is finished by the next`() throws {
    try withDirectory { directory in
      let place = KeyRing.Place(directory: directory.path, service: "intake")
      let first = try KeyRing.create(place, random: self.random)
      let blind = directory.appending(path: "intake.blind.key")
      try FileManager.default.removeItem(at: blind)
      try Data("half a key".utf8).write(to: directory.appending(path: "intake.blind.key.a1b2c3"))
      let second = try KeyRing.create(place, random: self.random)
      #expect(second.sealer.keyID == first.sealer.keyID)
      #expect(second.blindIndex.keyID != first.blindIndex.keyID)
    }
  }

  /// What one replica found: each key once used.
  private struct Found: Hashable, Sendable {
    var dataKey: String
    var blind: [UInt8]
    var publicKey: String
    var token: String

    init(_ directory: String) throws {
      let place = KeyRing.Place(directory: directory, service: "registry", signs: true)
      let ring = try KeyRing.load(place, storeHasData: false, random: SecureRandom())
      self.dataKey = ring.sealer.keyID
      self.blind = ring.blindIndex.blind("x")
      self.publicKey = try #require(ring.signingKey).publicKey().pem()
      self.token = try DevelopmentKey.load(directory: directory).id
    }
  }

  @Test func `replicas that start at once over one directory get the same keys`() async throws {
    for _ in 0..<20 {
      try await withDirectory { parent in
        let directory = parent.appending(path: "keys").path
        let found = try await withThrowingTaskGroup(of: Found.self) { group in
          for _ in 0..<8 { group.addTask { try Found(directory) } }
          return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(found.count == 1)
        #expect(try Found(directory) == found.first)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).count == 5)
      }
    }
  }

  @Test(arguments: [true, false])
  func `a second blind key stands behind the first, whichever that is`(isFirst: Bool) throws {
    try withDirectory { directory in
      let place = KeyRing.Place(directory: directory.path, service: "intake")
      let before = try KeyRing.create(place, random: self.random)
      let file = directory.appending(path: "intake.blind.key")
      let old = try String(contentsOf: file, encoding: .utf8)
      let new = "new " + String(repeating: "ab", count: 32) + "\n"
      let handle = try FileHandle(forWritingTo: file)
      try handle.write(contentsOf: Data((isFirst ? new + old : old + new).utf8))
      try handle.close()
      let index = try KeyRing.load(place, storeHasData: true, random: self.random).blindIndex
      let all = [index] + index.others
      let ids = isFirst ? ["new", before.blindIndex.keyID] : [before.blindIndex.keyID, "new"]
      #expect(all.map(\.keyID) == ids)
      #expect(all[isFirst ? 1 : 0].blind("x") == before.blindIndex.blind("x"))
      #expect(all[0].blind("x") != all[1].blind("x"))
    }
  }

  @Test func `a rotated file seals with its first key and opens with all`() throws {
    try withDirectory { directory in
      let place = KeyRing.Place(directory: directory.path, service: "intake")
      let before = try KeyRing.create(place, random: self.random)
      let sealed = try before.sealer.seal([5], as: self.cell)
      let file = directory.appending(path: "intake.data.key")
      let old = try String(contentsOf: file, encoding: .utf8)
      let handle = try FileHandle(forWritingTo: file)
      try handle.write(
        contentsOf: Data(("new " + String(repeating: "ab", count: 32) + "\n" + old).utf8))
      try handle.close()
      let after = try KeyRing.open(place, random: self.random)
      #expect(after.sealer.keyID == "new")
      #expect(try after.sealer.open(sealed, as: self.cell) == [5])
    }
  }

  @Test(arguments: [
    ("", 0o600), ("k\n", 0o600), ("k 00\n", 0o600),
    ("k " + String(repeating: "zz", count: 32), 0o600),
    ("k|l " + String(repeating: "ab", count: 32), 0o600),
    (String(repeating: "k " + String(repeating: "ab", count: 32) + "\n", count: 2), 0o600),
    ("k " + String(repeating: "ab", count: 32), 0o640),
    ("k " + String(repeating: "ab", count: 32), 0o604),
    (String(repeating: "k", count: 20_000), 0o600),
  ])
  func `an unfit key file is refused`(text: String, mode: Int) throws {
    try withDirectory { directory in
      let place = KeyRing.Place(directory: directory.path, service: "intake")
      _ = try KeyRing.create(place, random: self.random)
      let path = directory.appending(path: "intake.data.key").path
      try FileManager.default.removeItem(atPath: path)
      #expect(
        FileManager.default.createFile(
          atPath: path, contents: Data(text.utf8), attributes: [.posixPermissions: mode]))
      let thrown = #expect(throws: CryptoError.self) {
        try KeyRing.load(place, storeHasData: false, random: self.random)
      }
      guard case .keyFileUnfit = thrown else {
        Issue.record("\(String(describing: thrown))")
        return
      }
    }
  }

  @Test func `a directory that others may enter is refused`() throws {
    try withDirectory { parent in
      let directory = parent.appending(path: "open").path
      try FileManager.default.createDirectory(
        atPath: directory, withIntermediateDirectories: true,
        attributes: [.posixPermissions: 0o755])
      #expect(throws: CryptoError.self) {
        try KeyRing.create(
          KeyRing.Place(directory: directory, service: "intake"), random: self.random)
      }
    }
  }

  @Test func `a key file is never overwritten`() throws {
    try withDirectory { directory in
      let file = KeyFile(directory: directory.path, name: "k")
      try file.make([1])
      try file.make([2])
      #expect(try file.read() == [1])
    }
  }
}
