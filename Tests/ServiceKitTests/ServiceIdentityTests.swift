import Crypto
import DomainModel
import Foundation
import Logging
import RPC
import ServiceCore
import TestSupport
import Testing

@testable import ServiceKit

/// Whom a service believes, by its settings.
@Suite struct ServiceIdentityTests {
  private let clock = FakeClock()
  private let logs = RecordedLogs()
  private let folder = Place()
  private let login: TokenSigningKey

  init() throws {
    self.login = try TokenSigningKey.generate()
  }

  private func settings(
    _ change: (inout CommonSettings) -> Void = { _ in }
  ) -> CommonSettings {
    var settings = CommonSettings(service: .intake)
    settings.tokens.developmentDirectory = self.folder.path("keys")
    change(&settings)
    return settings
  }

  private func identity(_ settings: CommonSettings) throws -> ServiceIdentity {
    try ServiceIdentity(.intake, settings, time: self.clock, logger: self.logs.logger())
  }

  /// A token of the settings' own issuer.
  private func token(by key: TokenSigningKey) throws -> String {
    try JSONWebToken.signed(
      TokenClaims(subject: "a", kind: "auditor"),
      for: JSONWebToken.Purpose(issuer: "anju", audience: "anju"), from: self.clock.now(),
      lifetimeMs: 600_000, by: key)
  }

  private func believes(_ identity: ServiceIdentity, _ token: String) -> Bool {
    (try? identity.authority.caller(token: token[...], peer: nil)) != nil
  }

  @Test func `on loopback two services believe one another by the development key`() throws {
    let intake = try self.identity(self.settings())
    let other = try self.identity(self.settings())
    let token = try #require(try intake.tokens?.token())
    #expect(
      try other.authority.caller(token: token[...], peer: nil) == Caller(service: .intake))
    #expect(intake.authority.trustsLoopbackOnly)
    #expect(intake.keyWatch == nil)
  }

  @Test(arguments: ["0.0.0.0", "::", "10.0.0.1", "intake.example", "127.example", "1270.0.0.1"])
  func `whoever can be reached from outside does not believe it, and says so`(
    host: String
  ) throws {
    let token = try #require(try self.identity(self.settings()).tokens?.token())
    let identity = try self.identity(self.settings { $0.listen.host = host })
    #expect(!self.believes(identity, token))
    #expect(identity.tokens == nil)
    #expect(!identity.authority.trustsLoopbackOnly)
    #expect(
      self.logs.lines.contains {
        $0.message.hasPrefix("tokens of the development key are not believed")
      })
  }

  @Test(arguments: ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
  func `loopback has several names`(host: String) throws {
    let identity = try self.identity(self.settings { $0.listen.host = host })
    #expect(identity.tokens != nil)
  }

  @Test func `a setting turns it off, and then no key is made`() throws {
    let identity = try self.identity(self.settings { $0.tokens.development = .never })
    #expect(identity.tokens == nil)
    #expect(!FileManager.default.fileExists(atPath: self.folder.path("keys")))
  }

  @Test(arguments: [nil, "nonsense", #"{"keys":[]}"#])
  func `a service does not begin with a key file that cannot be used`(_ text: String?) throws {
    if let text { try self.folder.write("set.json", Array(text.utf8)) }
    let path = self.folder.path("set.json")
    let error = #expect(throws: ConfigurationError.self) {
      try self.identity(self.settings { $0.tokens.keys = path })
    }
    #expect(error?.problems.count == 1 && error?.problems.first?.contains(path) == true)
  }

  @Test func `keys are read again when their file changes, and a broken file changes nothing`()
    async throws
  {
    try self.folder.write("set.json", self.login.publicKeySet)
    let path = self.folder.path("set.json")
    let identity = try self.identity(self.settings { $0.tokens.keys = path })
    let watch = try #require(identity.keyWatch)
    let next = try TokenSigningKey.generate()
    let (old, new) = (try self.token(by: self.login), try self.token(by: next))
    #expect(self.believes(identity, old) && !self.believes(identity, new))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await watch.run() }
      defer { group.cancelAll() }
      try await self.nextLook()
      #expect(self.believes(identity, old))

      try self.folder.write("set.json", Array("{".utf8))
      try await self.nextLook()
      #expect(self.believes(identity, old) && !self.believes(identity, new))
      #expect(self.logs.lines.contains { $0.level == .error && "\($0)".contains("set.json") })

      try self.folder.remove("set.json")
      try await self.nextLook()
      #expect(self.believes(identity, old))

      try self.folder.write("set.json", next.publicKeySet)
      try await self.nextLook()
      #expect(!self.believes(identity, old) && self.believes(identity, new))
    }
  }

  /// Lets the watch look once more and come to rest.
  private func nextLook() async throws {
    try #require(await self.clock.waitForSleepers(1))
    self.clock.advance(milliseconds: FileWatch.intervalMs)
    // It reads on a thread of the pool, which the clock does not know.
    for _ in 0..<2_000 where self.clock.sleeperCount == 0 {
      try await Task.sleep(for: .milliseconds(5))
    }
    try #require(self.clock.sleeperCount == 1)
  }
}

/// A folder for one test, gone with it.
private final class Place: Sendable {
  private let url = FileManager.default.temporaryDirectory.appending(
    path: "identity-\(UInt64.random(in: 0 ... .max))")

  deinit { try? FileManager.default.removeItem(at: self.url) }

  func path(_ name: String) -> String { self.url.appending(path: name).path }

  func write(_ name: String, _ bytes: [UInt8]) throws {
    try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
    try Data(bytes).write(to: self.url.appending(path: name), options: .atomic)
  }

  func remove(_ name: String) throws {
    try FileManager.default.removeItem(at: self.url.appending(path: name))
  }
}
