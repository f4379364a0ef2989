import Glibc
import Testing

@testable import Wire

struct ArenaTests {
  /// Pages this process holds in memory, in bytes.
  private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var text = [CChar](repeating: 0, count: 128)
    guard fgets(&text, 128, file) != nil else { return 0 }
    let words = String(decoding: text.map { UInt8(bitPattern: $0) }, as: UTF8.self)
      .split(separator: " ")
    return (words.count > 1 ? Int(words[1]) ?? 0 : 0) * sysconf(Int32(_SC_PAGESIZE))
  }

  @Test func `half a million empty messages in 1 MiB are refused and do not grow the process`() {
    // Field 10 of Application: materials.
    let bytes = [[UInt8]](repeating: WireBytes.field(10, []), count: 524_288).flatMap { $0 }
    #expect(bytes.count == 1 << 20)
    let before = self.residentBytes()
    #expect(before > 0)
    for _ in 0..<10 {
      let error = #expect(throws: WireError.self) { try IntakeV1.Application(wireBytes: bytes) }
      #expect(error?.reason == .tooLarge)
    }
    let grown = self.residentBytes() - before
    #expect(grown < 2 * WireArena.bytesMax, "grown by \(grown) bytes")
  }

  @Test func `the largest message gRPC carries is read and written`() throws {
    let chunk = [UInt8](repeating: 7, count: 4 << 20)
    let bytes = try IntakeV1.UploadMaterialRequest(part: .chunk(chunk)).wireBytes()
    #expect(try IntakeV1.UploadMaterialRequest(wireBytes: bytes).part == .chunk(chunk))
  }

  @Test func `reading and writing stop at the ceiling`() throws {
    let request = IntakeV1.UploadMaterialRequest(part: .chunk([UInt8](repeating: 7, count: 4096)))
    let bytes = try request.wireBytes()
    var error = #expect(throws: WireError.self) { try request.encode(bytesMax: 4096) }
    #expect(error?.reason == .tooLarge)
    error = #expect(throws: WireError.self) {
      try IntakeV1.UploadMaterialRequest.decode(bytes, bytesMax: 4096)
    }
    #expect(error?.reason == .tooLarge)
    #expect(try IntakeV1.UploadMaterialRequest.decode(bytes, bytesMax: 16_384) == request)
    #expect(try request.encode(bytesMax: 16_384) == bytes)
  }

  @Test func `every field's memory counts against the ceiling`() throws {
    // Each ceiling between nothing and enough: reading either works or says that it is too large.
    let bytes = try Samples.application.wireBytes()
    var works = 0
    for bytesMax in stride(from: 1024, through: 32_768, by: 128) {
      do throws(WireError) {
        #expect(try IntakeV1.Application.decode(bytes, bytesMax: bytesMax) == Samples.application)
        works += 1
      } catch {
        #expect(error.reason == .tooLarge)
        #expect(works == 0, "refused at \(bytesMax) after it had worked with less")
      }
    }
    #expect(works > 0)
  }

  @Test func `blocks are aligned, apart and remember their size`() throws {
    try WireArena.with { (arena) throws(WireError) in
      var end: [(from: UInt, to: UInt)] = []
      for size in [0, 1, 7, 8, 9, 500, 4096, 70_000, 3, 64 << 10, 1] {
        guard let block = arena.block(size) else { throw WireError(.tooLarge, at: "\(size)") }
        memset(block, 0xFF, size)
        let from = UInt(bitPattern: block)
        #expect(from % 8 == 0)
        #expect(!end.contains { $0.from < from + UInt(size) && from < $0.to })
        #expect(WireArena.size(ofBlock: block) == size)
        end.append((from, from + UInt(size)))
      }
    }
  }

  @Test(arguments: [-1, Int.min, Int.max, Int.max - 7, WireArena.bytesMax + 1])
  func `a block of impossible size is refused`(size: Int) throws {
    try WireArena.with { (arena) throws(WireError) in
      #expect(arena.block(size) == nil)
      #expect(arena.isExhausted)
      #expect(arena.block(1) != nil)
    }
  }
}
