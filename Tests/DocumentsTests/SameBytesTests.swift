import Documents
import DomainModel
import StorageEngine
import Synchronization
import TestSupport
import Testing

struct SameBytesTests {
  @Test func `the same document gives the same bytes again`() throws {
    let blocks = try Sheet.everything()
    #expect(try Sheet.pdf(blocks) == Sheet.pdf(blocks))
    #expect(try Sheet.png(blocks) == Sheet.png(blocks))
  }

  @Test func `fonts loaded anew give the same bytes`() throws {
    let document = Document(title: "测试", blocks: try Sheet.everything())
    let anew = DocumentRenderer(try DocumentFonts.load())
    #expect(
      try anew.pdf(of: document, createdAt: Sheet.instant)
        == Sheet.renderer().pdf(of: document, createdAt: Sheet.instant))
  }

  @Test func `another instant gives other bytes, so that the test above can fail`() throws {
    let document = Document(title: "测试", blocks: try Sheet.everything())
    let renderer = try Sheet.renderer()
    #expect(
      try renderer.pdf(of: document, createdAt: Sheet.instant)
        != renderer.pdf(of: document, createdAt: Sheet.instant.adding(milliseconds: 1_000)))
  }

  @Test func `eight threads at once get what one gets alone`() async throws {
    let renderer = try Sheet.renderer()
    // Each with its own characters, so that threads meet in the caches of the fonts.
    let documents = try (0..<8).map { number in
      Document(
        title: "测试",
        blocks: try Sheet.everything() + [
          .text(String("甲乙丙丁戊己庚辛".dropFirst(number)), Sheet.style)
        ])
    }
    let alone = try documents.map { try Self.both(renderer, $0) }
    let differing = Mutex<[String]>([])
    let threads = documents.indices.map { number in
      WorkerThread {
        for round in 0..<4 {
          // Not the same order on each thread.
          let index = (number + round * 3) % documents.count
          let same = (try? Self.both(renderer, documents[index])) == alone[index]
          if !same { differing.withLock { $0.append("thread \(number), document \(index)") } }
        }
      }
    }
    for thread in threads { await thread.waitUntilEnded() }
    #expect(differing.withLock { $0 } == [])
  }

  private static func both(
    _ renderer: DocumentRenderer, _ document: Document
  ) throws -> [[UInt8]] {
    [
      try renderer.pdf(of: document, createdAt: Sheet.instant),
      try renderer.png(of: document, dotsPerInch: 72),
    ]
  }
}
