import Crypto
import DomainModel
import RPC
import ServiceCore
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import IntakeCore

struct UploadMaterialTests {
  @Test(arguments: [
    (Files.jpeg, "image/jpeg"), (Files.png, "image/png"), (Files.pdf, "application/pdf"),
    (Files.ofd, "application/ofd"),
  ])
  func `a material is what its bytes say`(bytes: [UInt8], mediaType: String) async throws {
    let world = try await World()
    let draft = try await world.draft()
    let material = try await world.upload(.idCard, to: draft, bytes: bytes)
    #expect(material.mediaType == mediaType)
    #expect(material.sizeBytes == Int64(bytes.count))
    #expect(try await world.get(draft.applicationID).materials == [material])
  }

  @Test func `a large material comes in chunks and is kept sealed in pieces`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let filler = [UInt8](repeating: 9, count: UploadLimits.materialBytesMax - 6)
    let bytes = Files.jpeg.prefix(4) + filler + [0xFF, 0xD9]
    let chunks = stride(from: 0, to: bytes.count, by: UploadLimits.chunkBytesMax).map {
      Array(bytes[$0..<min($0 + UploadLimits.chunkBytesMax, bytes.count)])
    }
    let header = try Self.header(Array(bytes), of: draft, key: world.key())
    try await world.upload(header, chunks)
    let pieces = try await Self.pieces(world)
    #expect(pieces.count == 8)
    #expect(pieces.allSatisfy { $0.count > UploadLimits.sealedPieceBytes })
    #expect(pieces.allSatisfy { !$0.contains(subsequence: Array(repeating: 9, count: 32)) })
  }

  @Test func `what the kind never asks for is not kept`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let error = try await refusal { try await world.upload(.correctionProof, to: draft) }
    #expect(error.reason == "MATERIAL_DEFECTIVE")
    #expect(error.told == ["header.kind MATERIAL_NOT_WANTED"])
    #expect(try await world.get(draft.applicationID).materials == [])
  }

  @Test func `a second upload replaces the first, bytes and all`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let first = try await world.upload(.idCard, to: draft)
    let second = try await world.upload(.idCard, to: draft, bytes: Files.png)
    #expect(first.materialID != second.materialID)
    #expect(try await world.get(draft.applicationID).materials == [second])
    #expect(try await Self.pieces(world).count == 1)
  }

  @Test func `a repeated upload is answered and not stored again`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let header = try Self.header(Files.jpeg, of: draft, key: world.key())
    let first = try await world.upload(header, [Files.jpeg])
    #expect(try await world.upload(header, [Files.jpeg]) == first)
    #expect(try await world.get(draft.applicationID).version == 2)
    var other = header
    other.kind = .photo
    let error = try await refusal { try await world.upload(other, [Files.jpeg]) }
    #expect(error.reason == ErrorReason.idempotencyKeyReused.rawValue)
  }

  @Test func `a retry that the first try overtakes gets the answer of the first`() async throws {
    let world = try await World()
    let draft = try await world.readyDraft()
    let header = try Self.header(Files.png, of: draft, key: world.key())
    world.store.after(reads: 1) {
      try await world.upload(header, [Files.png])
      let submission = try await world.submit(draft)
      #expect(submission.submitted)
    }
    let answer = try await world.upload(header, [Files.png])
    #expect(try await world.get(draft.applicationID).materials.contains(answer))
  }

  @Test(arguments: Row.all)
  func `a bad upload is told completely and leaves nothing`(row: Row) async throws {
    let world = try await World()
    let draft = try await world.draft()
    var header = try Self.header(Files.jpeg, of: draft, key: world.key())
    var chunks = [Files.jpeg]
    try row.spoil(&header, &chunks)
    let (spoilt, sent) = (header, chunks)
    let error = try await refusal { try await world.upload(spoilt, sent) }
    #expect(error.reason == ErrorReason.materialDefective.rawValue)
    #expect(error.told == row.expected)
    #expect(try await world.get(draft.applicationID).version == 1)
    #expect(try await Self.pieces(world).isEmpty)
    // The refused call has left its key free.
    let good = try Self.header(Files.jpeg, of: draft, key: header.idempotencyKey)
    try await world.upload(good, [Files.jpeg])
  }

  @Test func `a stream without header, and one with two, are refused`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let header = try Self.header(Files.jpeg, of: draft, key: world.key())
    let options = world.options(World.integrator)
    let none = try await refusal {
      _ = try await world.intake.uploadMaterial(options: options) { _ in }
    }
    #expect(none.told == ["header FIELD_MISSING"])
    let two = try await refusal {
      _ = try await world.intake.uploadMaterial(options: options) { writer in
        try await writer.write(.init(part: .header(header)))
        try await writer.write(.init(part: .header(header)))
      }
    }
    #expect(two.told == ["chunk FIELD_MISSING"])
  }

  @Test func `nobody uploads into somebody else's draft or a submitted application`() async throws {
    let world = try await World()
    let stranger = Caller(kind: .integrator, id: "anotherapp")
    let draft = try await world.draft()
    let foreign = try await refusal {
      try await world.upload(.photo, to: draft, by: stranger)
    }
    #expect(foreign.code == .notFound)
    let application = try await world.submitted()
    let late = try await refusal { try await world.upload(.photo, to: application) }
    #expect(late.metadata["current_state"] == "submitted")
  }

  @Test func `a slow client is told to go, and gives its place back`() async throws {
    let world = try await World()
    let draft = try await world.draft(by: World.applicant)
    let header = IntakeV1.UploadHeader(
      idempotencyKey: world.key(), applicationID: draft.applicationID, kind: .photo,
      sizeBytes: Int64(UploadLimits.materialBytesMax), sha256: Array(repeating: 1, count: 32))
    for _ in 0...CallLimits.uploads.ofApplicant {
      let error = try await refusal {
        _ = try await world.intake.uploadMaterial(options: world.options(World.applicant)) {
          try await $0.write(.init(part: .header(header)))
          #expect(await world.clock.waitForSleepers(1))
          world.clock.advance(milliseconds: UploadLimits.receivingMsMax)
          // It goes on dripping until the service has had enough.
          for _ in 0..<header.sizeBytes { try await $0.write(.init(part: .chunk([1]))) }
        }
      }
      #expect(error.reason == ErrorReason.uploadTooSlow.rawValue)
    }
    try await world.upload(.photo, to: draft, by: World.applicant)
  }
}

extension UploadMaterialTests {
  /// One thing that is wrong with an upload.
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expected: Set<String>
    let spoil: @Sendable (inout IntakeV1.UploadHeader, inout [[UInt8]]) throws -> Void

    static let all = [
      Row("kind missing", ["header.kind FIELD_MISSING"]) {
        $0.kind = .unspecified; _ = $1
      },
      Row("evidence missing", ["header.evidence FIELD_MISSING"]) {
        $0.kind = .evidence
        _ = $1
      },
      Row("evidence unknown", ["header.evidence VALUE_UNKNOWN"]) {
        $0.kind = .evidence
        $0.evidence = .unrecognized(77)
        _ = $1
      },
      Row("evidence not wanted", ["header.evidence FIELD_NOT_WANTED"]) {
        $0.evidence = .ownHouse
        _ = $1
      },
      Row(
        "empty, and without hash",
        [
          "header.size_bytes MATERIAL_EMPTY", "header.sha256 MATERIAL_HASH_MISMATCH",
        ]
      ) {
        $0.sizeBytes = 0
        $0.sha256 = []
        _ = $1
      },
      Row("too big", ["header.size_bytes MATERIAL_TOO_BIG"]) {
        $0.sizeBytes = Int64(UploadLimits.materialBytesMax) + 1
        _ = $1
      },
      Row("chunk too big", ["chunk MATERIAL_TOO_BIG"]) {
        let bytes = [UInt8](repeating: 1, count: UploadLimits.chunkBytesMax + 1)
        $0.sizeBytes = Int64(bytes.count)
        $1 = [bytes]
      },
      Row("chunk empty", ["chunk MATERIAL_EMPTY"]) {
        _ = $0
        $1.insert([], at: 0)
      },
      Row("more bytes than announced", ["header.size_bytes MATERIAL_SIZE_MISMATCH"]) {
        _ = $0
        $1.append([1])
      },
      Row("begins behind its end", ["header.from_byte NUMBER_OUT_OF_RANGE"]) {
        $0.fromByte = $0.sizeBytes + 1
        _ = $1
      },
      Row("another hash", ["header.sha256 MATERIAL_HASH_MISMATCH"]) {
        $0.sha256[0] ^= 1
        _ = $1
      },
      Row("no picture", ["chunk MATERIAL_UNREADABLE"]) {
        try $0.announce(.idCard, Array("<html>".utf8))
        $1 = [Array("<html>".utf8)]
      },
      Row(
        "a photo of the wrong kind",
        [
          "photo.width PHOTO_TOO_SMALL", "photo.height PHOTO_TOO_LARGE",
          "photo.ratio PHOTO_RATIO_WRONG",
        ]
      ) {
        try $0.announce(.photo, Files.jpeg(width: 300, height: 5_000))
        $1 = [Files.jpeg(width: 300, height: 5_000)]
      },
      Row("a photo that does not say its size", ["photo MATERIAL_UNREADABLE"]) {
        let bytes: [UInt8] = [0xFF, 0xD8, 0xFF, 0xDA, 0, 4, 0, 0, 0xFF, 0xD9]
        try $0.announce(.photo, bytes)
        $1 = [bytes]
      },
      Row("a PDF as photo", ["chunk MATERIAL_TYPE_NOT_ALLOWED"]) {
        try $0.announce(.photo, Files.pdf)
        $1 = [Files.pdf]
      },
    ]

    init(
      _ name: String, _ expected: Set<String>,
      spoil: @escaping @Sendable (inout IntakeV1.UploadHeader, inout [[UInt8]]) throws -> Void
    ) {
      self.testDescription = name
      self.expected = expected
      self.spoil = spoil
    }
  }

  static func header(
    _ bytes: [UInt8], of draft: IntakeV1.Application, key: String
  ) throws -> IntakeV1.UploadHeader {
    IntakeV1.UploadHeader(
      idempotencyKey: key, applicationID: draft.applicationID, kind: .idCard,
      sizeBytes: Int64(bytes.count), sha256: try DigestAlgorithm.sha256.digest(bytes))
  }

  static func pieces(_ world: World) async throws -> [[UInt8]] {
    try await world.store.read {
      try $0.rows("SELECT bytes FROM material_piece ORDER BY material_id, number")
        .map { try $0.bytes("bytes") }
    }
  }
}

extension IntakeV1.UploadHeader {
  /// Announces other bytes.
  mutating func announce(_ kind: ModelV1.MaterialKind, _ bytes: [UInt8]) throws {
    self.kind = kind
    self.sizeBytes = Int64(bytes.count)
    self.sha256 = try DigestAlgorithm.sha256.digest(bytes)
  }
}
