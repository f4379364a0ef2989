import Crypto
import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import TestSupport
import Testing
import Wire

@testable import CertificateRegistryCore

@Suite(.timeLimit(.minutes(10)))
struct GetRevocationSnapshotTests {
  typealias Request = RegistryV1.GetRevocationSnapshotRequest

  private static func refusal(
    _ registry: RegistryFixture, _ request: Request = Request()
  ) async -> ServiceError? {
    await #expect(throws: ServiceError.self) {
      try await registry.client.getRevocationSnapshot(request, options: .applicant)
    }
  }

  /// A registry with a permit in every state, and the reason for which each certificate is listed.
  private static func fill(
    _ registry: RegistryFixture
  ) async throws -> [(CertificateIdentifier, RevocationReason?)] {
    var permits: [RegistryV1.Permit] = []
    for person in 1...6 {
      permits.append(try #require(try await registry.issue(person)))
      registry.clock.advance(milliseconds: 1)
    }
    let identifiers = try permits.map {
      try #require(CertificateIdentifier($0.certificateIdentifier))
    }
    registry.clock.set(try .noon("2027-02-15"))
    let endorsed = try await registry.endorse(permits[0], on: "2027-02-15")
    let pending = RegistryV1.NoteEndorsementPendingRequest(
      idempotencyKey: "pending-key-of-person-5",
      certificateIdentifier: permits[4].certificateIdentifier, applicationID: "application-9",
      what: .submittedOn("2027-02-15"))
    _ = try await registry.client.noteEndorsementPending(pending, options: .intake)
    registry.clock.set(try .noon("2027-03-09"))
    _ = try await registry.client.cancelPermit(
      .init(
        idempotencyKey: "cancel-key-of-person-2",
        certificateIdentifier: permits[1].certificateIdentifier, order: .sample("2027-03-09"),
        reason: .ownRequest), options: .approval)
    _ = try await registry.client.reportLoss(
      .init(
        idempotencyKey: "loss-key-of-person-3",
        certificateIdentifier: permits[2].certificateIdentifier, order: .holder("2027-03-09")),
      options: .intake)
    // The fourth has been written down as suspended, the sixth not yet.
    registry.clock.set(try .noon("2027-03-20"))
    let (store, now) = (registry.registryStore, registry.clock.now())
    let due = try await store.dueSuspensions(after: nil, limit: 2, at: now)
    let written = try await store.note(due, limit: 2, at: now, random: registry.random)
    #expect((1...2).contains(written))
    _ = try await registry.assembly.sequenceOnce()
    return [
      (identifiers[0], .superseded),
      (try #require(CertificateIdentifier(endorsed.certificateIdentifier)), nil),
      (identifiers[1], .cancelled), (identifiers[2], .lost), (identifiers[3], .suspended),
      (identifiers[4], nil), (identifiers[5], .suspended),
    ]
  }

  /// The whole file, read part by part.
  private static func file(
    _ registry: RegistryFixture
  ) async throws -> (first: RegistryV1.GetRevocationSnapshotResponse, bytes: [UInt8]) {
    let first = try await registry.client.getRevocationSnapshot(Request(), options: .applicant)
    var bytes = first.data
    while bytes.count < first.sizeBytes {
      let part = try await registry.client.getRevocationSnapshot(
        Request(atMs: first.atMs, offset: Int64(bytes.count)), options: .officer)
      bytes += part.data
    }
    return (first, bytes)
  }

  @Test(arguments: TestEngine.all)
  func `it lists each certificate that is not to be accepted, with its reason, and no other`(
    _ engine: TestEngine
  ) async throws {
    let registry = try await RegistryFixture()
    try await engine.withStore(registry.clock) { store in
      let registry = try await RegistryFixture(again: registry, over: store)
      let expected = try await Self.fill(registry)
      let snapshots = RevocationSnapshots(
        registry.registryStore, signer: registry.signer, registry.parts)
      let kept = try await snapshots.make()
      let signed = try SignedSnapshot(bytes: kept.bytes)
      for (identifier, reason) in expected {
        #expect(signed.snapshot.reason(for: identifier) == reason)
      }
      #expect(kept.count == expected.count { $0.1 != nil } && kept.count == signed.snapshot.count)
      #expect(signed.snapshot.head == kept.head && kept.head.treeSize > 6)
      #expect(kept.head.at == registry.clock.now())
      let text = String(decoding: kept.bytes, as: UTF8.self)
      #expect(!expected.contains { text.contains($0.0.serial) })
      // A certificate that is out of date by itself needs no line any more.
      registry.clock.set(try .noon("2030-06-01"))
      #expect(try await snapshots.make().count == 0)
    }
  }

  @Test func `it is signed, and handed out in parts, for a minute the same`() async throws {
    let registry = try await RegistryFixture()
    _ = try await Self.fill(registry)
    try await registry.working {
      let (first, bytes) = try await Self.whenRunning { try await Self.file(registry) }
      #expect(bytes.count == first.sizeBytes && first.count == 5)
      let signed = try SignedSnapshot(bytes: bytes)
      let key = try SM2PublicKey(pem: first.publicKeyPem)
      #expect(try key.verify(signed.signature, of: signed.snapshot.signedBytes))
      let tail = try await registry.client.getRevocationSnapshot(
        Request(atMs: first.atMs, offset: 10), options: .integrator)
      #expect(tail.data == Array(bytes.dropFirst(10)) && tail.offset == 10)
      registry.clock.advance(milliseconds: 59_999)
      #expect(try await Self.file(registry).first == first)
      registry.clock.advance(milliseconds: 1)
      let next = try await Self.file(registry).first
      #expect(next.atMs == first.atMs + 60_000)
      // Whoever was reading the one before reads on.
      let rest = try await registry.client.getRevocationSnapshot(
        Request(atMs: first.atMs, offset: first.sizeBytes), options: .auditor)
      #expect(rest.data.isEmpty)
      registry.clock.advance(milliseconds: 60_000)
      _ = try await Self.file(registry)
      let gone = await Self.refusal(registry, Request(atMs: first.atMs, offset: 1))
      #expect(gone?.reason == "SNAPSHOT_NOT_FOUND")
    }
  }

  /// Jobs begin when they come to run; until then there is nobody to make a snapshot.
  private static func whenRunning<Value>(_ body: () async throws -> Value) async throws -> Value {
    for _ in 0..<100_000 {
      do {
        return try await body()
      } catch let error as ServiceError where error.reason == "OVERLOADED" {
        await Task.yield()
      }
    }
    throw ServiceError(.overloaded)
  }

  @Test func `however many ask at once, it is made once`() async throws {
    let registry = try await RegistryFixture()
    _ = try await Self.fill(registry)
    let signer = CountingSigner(signer: registry.signer)
    let snapshots = RevocationSnapshots(registry.registryStore, signer: signer, registry.parts)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await snapshots.run() }
      defer { group.cancelAll() }
      _ = try await Self.whenRunning { try await snapshots.newest() }
      registry.clock.advance(milliseconds: 60_000)
      try await withThrowingTaskGroup(of: Timestamp.self) { callers in
        for _ in 0..<200 { callers.addTask { try await snapshots.newest().head.at } }
        for try await at in callers { #expect(at == registry.clock.now()) }
      }
      #expect(signer.count == 2)
    }
  }

  @Test func `where none can be made the last one does while it is good`() async throws {
    let registry = try await RegistryFixture()
    _ = try await Self.fill(registry)
    let snapshots = RevocationSnapshots(
      registry.registryStore, signer: registry.signer, registry.parts)
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await snapshots.run() }
      _ = try await Self.whenRunning { try await snapshots.newest() }
      group.cancelAll()
      try? await group.waitForAll()
    }
    let made = registry.clock.now()
    registry.clock.advance(milliseconds: 86_399_999)
    #expect(try await snapshots.newest().head.at == made)
    registry.clock.advance(milliseconds: 1)
    let error = await #expect(throws: ServiceError.self) { try await snapshots.newest() }
    #expect(error?.reason == "OVERLOADED" && error?.retryDelayMs != nil)
  }

  @Test func `of a log without leaves there is none`() async throws {
    let registry = try await RegistryFixture()
    try await registry.working {
      let error = await #expect(throws: ServiceError.self) {
        try await Self.whenRunning { try await Self.file(registry) }
      }
      #expect(error?.reason == "TREE_HEAD_NOT_FOUND")
    }
  }

  @Test(
    arguments: [
      (Request(atMs: -1), "at_ms"), (Request(offset: -1), "offset"), (Request(offset: 1), "offset"),
    ])
  func `numbers out of range are told`(_ request: Request, _ field: String) async throws {
    let registry = try await RegistryFixture()
    let error = await Self.refusal(registry, request)
    #expect(error?.violations.map(\.field) == [field])
  }
}

/// A signer that counts.
private struct CountingSigner: PermitSigner {
  let signer: DirectSigner
  private let signed = Heard<Bool>()

  init(signer: DirectSigner) { self.signer = signer }

  var keyID: String { self.signer.keyID }
  var publicKeyPEM: String { self.signer.publicKeyPEM }
  var count: Int { self.signed.all.count }

  func sign(_ document: [UInt8]) async throws -> [UInt8] {
    self.signed.keep(true)
    return try await self.signer.sign(document)
  }
}
