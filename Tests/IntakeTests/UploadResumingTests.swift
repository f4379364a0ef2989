import DomainModel
import RPC
import Storage
import TestSupport
import Testing
import Wire

@testable import IntakeCore

/// An upload outlives the streams that bring it.
struct UploadResumingTests {
  /// Three pieces and a little more.
  static let scan = Files.jpeg(width: 2_000, height: 3_000, fillerBytes: 800_000)
  static let piece = UploadLimits.sealedPieceBytes

  /// The wire breaks.
  private struct Broken: Error {}

  @Test(arguments: TestEngine.all)
  func `a stream that breaks loses no piece, and the next one goes on there`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let world = try await World(over: store)
      let draft = try await world.draft()
      let header = try world.header(Self.scan, to: draft)
      await #expect(throws: (any Error).self) {
        _ = try await world.intake.uploadMaterial(options: world.options(World.integrator)) {
          try await $0.write(.init(part: .header(header)))
          for chunk in World.chunks(Self.scan[..<(Self.piece + 70_000)]) {
            try await $0.write(.init(part: .chunk(chunk)))
          }
          // The service has stored what it will before the wire breaks.
          try await Self.wait(until: [1, 1], in: world)
          throw Broken()
        }
      }
      let asked = try await world.stream(header)
      #expect(asked.material == nil)
      #expect(asked.receivedBytes == Int64(Self.piece))
      #expect(try await world.get(draft.applicationID).version == 1)

      var rest = header
      rest.fromByte = asked.receivedBytes
      let answer = try await world.stream(rest, Self.scan[Self.piece...])
      let material = try #require(answer.material)
      #expect(answer.uploadID == asked.uploadID && answer.receivedBytes == Int64(Self.scan.count))
      #expect(try await world.get(draft.applicationID).materials == [material])
      #expect(try await world.kept() == [0, 4])
      let download = try await world.download(material.materialID, of: draft.applicationID)
      #expect(download.chunks.flatMap(\.self) == Self.scan)
      // Sent again, it is answered as it was, wherever it goes on.
      #expect(try await world.stream(header) == answer)
    }
  }

  /// Waits until so many uploads and pieces are stored; whoever waits in vain fails.
  private static func wait(until expected: [Int], in world: World) async throws {
    for _ in 0..<100_000 {
      if try await world.kept() == expected { return }
      await Task.yield()
    }
    Issue.record("not stored")
  }

  @Test func `a stream that ends before the last byte keeps each one`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let header = try world.header(Self.scan, to: draft)
    var sent = 0
    for count in [100, 1, Self.piece - 101, Self.piece, 70_000] {
      var part = header
      part.fromByte = Int64(sent)
      let answer = try await world.stream(part, Self.scan[sent..<(sent + count)])
      sent += count
      #expect(answer.material == nil)
      #expect(answer.receivedBytes == Int64(sent))
    }
    // What is kept and comes again is passed over.
    let material = try #require(try await world.stream(header, Self.scan[...]).material)
    let download = try await world.download(material.materialID, of: draft.applicationID)
    #expect(download.chunks.flatMap(\.self) == Self.scan)
    #expect(download.chunks.allSatisfy { $0.count <= UploadLimits.chunkBytesMax })
  }

  @Test func `nobody goes on behind what is kept`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    var header = try world.header(Self.scan, to: draft)
    _ = try await world.stream(header, Self.scan[..<100])
    header.fromByte = 101
    let error = try await refusal { [header] in
      _ = try await world.stream(header, Self.scan[101...])
    }
    #expect(error.reason == ErrorReason.uploadNotThereYet.rawValue)
    #expect(error.code == .aborted)
    #expect(error.metadata["received_bytes"] == "100")
  }

  @Test func `of two streams of one upload the slower is told where it stands`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let header = try world.header(Self.scan, to: draft)
    let error = try await refusal {
      _ = try await world.intake.uploadMaterial(options: world.options(World.integrator)) {
        try await $0.write(.init(part: .header(header)))
        for chunk in World.chunks(Self.scan[..<Self.piece]) {
          try await $0.write(.init(part: .chunk(chunk)))
        }
        try await Self.wait(until: [1, 1], in: world)
        var faster = header
        faster.fromByte = Int64(Self.piece)
        let partly = try await world.stream(faster, Self.scan[Self.piece..<(3 * Self.piece)])
        #expect(partly.receivedBytes == Int64(3 * Self.piece))
        for chunk in World.chunks(Self.scan[Self.piece...]) {
          try await $0.write(.init(part: .chunk(chunk)))
        }
      }
    }
    #expect(error.reason == ErrorReason.uploadNotThereYet.rawValue)
    #expect(error.metadata["received_bytes"] == String(3 * Self.piece))
    #expect(try await world.stream(header, Self.scan[...]).material != nil)
  }

  @Test func `bytes that are not what was announced are forgotten at their end`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    let header = try world.header(Self.scan, to: draft)
    var other = Self.scan
    other[500_000] ^= 1
    let spoilt = other
    let error = try await refusal { _ = try await world.stream(header, spoilt[...]) }
    #expect(error.told == ["header.sha256 MATERIAL_HASH_MISMATCH"])
    #expect(try await world.kept() == [0, 0])
    #expect(try await world.stream(header, Self.scan[...]).material != nil)
  }

  @Test(arguments: TestEngine.all)
  func `an upload that does not go on goes after two days, and with its draft`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let world = try await World(over: store)
      let draft = try await world.draft()
      let header = try world.header(Self.scan, to: draft)
      _ = try await world.stream(header, Self.scan[..<100])
      world.clock.advance(milliseconds: UploadLimits.keptMs)
      try await world.run("uploads")
      #expect(try await world.kept() == [1, 1])
      world.clock.advance(milliseconds: 1)
      try await world.run("uploads")
      #expect(try await world.kept() == [0, 0])

      _ = try await world.stream(header, Self.scan[..<100])
      world.clock.advance(milliseconds: 31 * 86_400_000)
      try await world.run("drafts")
      #expect(try await world.kept() == [0, 0])
    }
  }

  @Test func `an application has a bound of uploads under way`() async throws {
    let world = try await World()
    let draft = try await world.draft()
    for number in 0..<UploadLimits.ofApplicationMax {
      _ = try await world.stream(world.header([UInt8(number)], to: draft))
    }
    let error = try await refusal {
      _ = try await world.stream(world.header([99], to: draft))
    }
    #expect(error.reason == ErrorReason.uploadsTooMany.rawValue)
    #expect(error.metadata["under_way_max"] == String(UploadLimits.ofApplicationMax))
    let another = try await world.draft()
    _ = try await world.stream(world.header([99], to: another))
  }

  @Test(arguments: TestEngine.all)
  func `an applicant's drafts have a bound of bytes, a platform's as many as it has applicants`(
    _ engine: TestEngine
  ) async throws {
    let clock = FakeClock()
    try await engine.withStore(clock) { store in
      let world = try await World(over: store)
      for caller in [World.applicant, World.integrator] {
        for _ in 0..<4 {
          let draft = try await world.draft(by: caller)
          for number in 0..<UploadLimits.ofApplicationMax {
            var header = try world.header([UInt8(number)], to: draft)
            header.sizeBytes = Int64(UploadLimits.materialBytesMax)
            _ = try await world.stream(header, by: caller)
          }
        }
        let full = try await world.draft(by: caller)
        let material = { try await world.upload(.idCard, to: full, by: caller) }
        if caller == World.applicant {
          let error = try await refusal { _ = try await material() }
          #expect(error.reason == ErrorReason.uploadsTooMany.rawValue)
          #expect(error.metadata["bytes_max"] == String(UploadLimits.ofApplicantBytesMax))
        } else {
          _ = try await material()
        }
      }
    }
  }

  @Test func `an applicant's drafts have a bound of materials`() async throws {
    let world = try await World()
    let caller = World.applicant
    var last = try await world.draft(by: caller)
    for number in 0..<UploadLimits.ofApplicantMax {
      // Ten drafts: eight uploads under way in each, and two materials.
      if number > 0, number % 10 == 0 { last = try await world.draft(by: caller) }
      let picture = Files.jpeg(width: 400, height: 500, fillerBytes: 200 + number)
      switch number % 10 {
      case 8: try await world.upload(.idCard, to: last, by: caller, bytes: picture)
      case 9: try await world.upload(.photo, to: last, by: caller, bytes: picture)
      default: _ = try await world.stream(world.header(picture, to: last), by: caller)
      }
    }
    let full = last
    let error = try await refusal { try await world.upload(.idCard, to: full, by: caller) }
    #expect(error.reason == ErrorReason.uploadsTooMany.rawValue)
    #expect(error.metadata["uploads_max"] == String(UploadLimits.ofApplicantMax))
    // What is under way goes on.
    let begun = Files.jpeg(width: 400, height: 500, fillerBytes: 290)
    _ = try await world.stream(world.header(begun, to: full), begun[..<100], by: caller)
  }
}
