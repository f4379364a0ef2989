import DomainModel
import Foundation
import Measuring

/// Prepared drafts, submitted in the order of their file.
struct Submissions: Sendable {
  private let ids: [String]
  private let load: Load<String>

  /// So many of the file's, from a line on.
  init(_ path: String, from first: Int, count: Int, at intake: Intake) throws {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    guard first + count <= lines.count else { throw Usage() }
    let ids = lines[first..<first + count].map(String.init)
    self.ids = ids
    self.load = Load(
      prepare: { number, _ in ids[number] },
      isRefusal: { ($0 as? ServiceError)?.code == .resourceExhausted },
      perform: { try await intake.submit($0) })
  }

  func closedLoop(callers: Int) async throws -> Latencies {
    try await self.load.closedLoop(callers: callers, count: self.ids.count)
  }

  func openLoop(rate: Double) async throws -> Latencies {
    try await self.load.openLoop(rate: rate, seconds: Double(self.ids.count) / rate)
  }
}
