import DomainModel
import Testing

@testable import anju_load

/// How permits are looked for in the registry's log. A head is told by its size here.
struct LogWitnessTests {
  /// What was found, after so many looks.
  private struct Found: Hashable {
    let head: Int?
    let missing: String?
    let looks: Int
  }

  /// Looks where the log has these heads one after the other, and each permit this leaf.
  private static func look(
    for permits: [String], heads: [Int?], leaves: [String: Int]
  ) async throws -> Found {
    var looks = 0
    let found = try await LogWitness.look(for: permits, pause: .zero) { () -> Int? in
      looks += 1
      return heads[min(looks, heads.count) - 1]
    } inclusion: { (permit: String, size: Int) -> LogWitness.Inclusion in
      guard let leaf = leaves[permit] else { return .absent }
      return leaf < size ? .proved : .onItsWay
    }
    return Found(head: found.head, missing: found.missing, looks: looks)
  }

  @Test func `permits of each load are looked for, before any that were made beforehand`() {
    let stock = (0..<200).map { "stock \($0)" }
    let loads: [[String]] = (0..<3).map { load in
      (0..<100).map { "load \(load) permit \($0)" }
    }
    #expect(LogWitness.chosen(stock: stock, issued: [loads[0]]) == loads[0])
    let expected: [String] = [stock[199]] + loads.flatMap { Array($0.prefix(33)) }
    #expect(LogWitness.chosen(stock: stock, issued: loads + [[String]()]) == expected)
    #expect(LogWitness.chosen(stock: stock, issued: [[], []]) == Array(stock.suffix(100)))
    #expect(LogWitness.chosen(stock: [], issued: []) == [])
    let many: [[String]] = (0..<500).map { ["permit \($0)", "another"] }
    let last: [String] = (400..<500).map { "permit \($0)" }
    #expect(LogWitness.chosen(stock: [], issued: many) == last)
  }

  @Test func `what came after a head is looked for in the next one`() async throws {
    let found = try await Self.look(
      for: ["a", "b"], heads: [nil, 5, 6, 7], leaves: ["a": 4, "b": 6])
    #expect(found == Found(head: 7, missing: nil, looks: 4))
  }

  @Test func `what is nowhere is not waited for`() async throws {
    let found = try await Self.look(for: ["a", "b"], heads: [5], leaves: ["a": 4])
    #expect(found == Found(head: 5, missing: "b", looks: 1))
  }

  @Test func `what does not come is missing at last`() async throws {
    let found = try await Self.look(for: ["a"], heads: [4], leaves: ["a": 4])
    #expect(found == Found(head: 4, missing: "a", looks: 30))
  }

  @Test func `with no permit to look for, no head is waited for`() async throws {
    let found = try await Self.look(for: [], heads: [nil], leaves: [:])
    #expect(found == Found(head: nil, missing: nil, looks: 1))
  }

  /// Refusals of a proof, and what each says of the permit.
  static let refusals: [(reason: ErrorReason, told: LogWitness.Inclusion?)] = [
    (.logEntrySequencing, .onItsWay), (.leafBeyondTree, .onItsWay), (.logEntryNotFound, .absent),
    (.storeUnavailable, nil), (.callerNotAllowed, nil),
  ]

  @Test(arguments: refusals)
  func `a refusal says whether the permit may still come`(
    reason: ErrorReason, told: LogWitness.Inclusion?
  ) {
    #expect(LogWitness.inclusion(refusedBy: ServiceError(reason)) == told)
  }
}
