import Foundation
import People
import RPC
import Testing

@testable import anju_load

struct PopulatedStockTests {
  private static func stock(_ holders: Int) -> PopulatedStock {
    PopulatedStock(
      seed: 7, persons: 1_000, permits: holders, platforms: 16,
      holders: (0..<holders).map { number in
        PopulatedStock.Holder(
          index: number * 4, applicationID: "a\(number)", caseID: "c\(number)",
          certificateIdentifier: "p\(number)", stationCode: "s", bureauCode: "b")
      })
  }

  @Test func `those that are read are spread over all of them, each himself`() throws {
    let population = Population(seed: 7)
    let subjects = try Self.stock(100).subjects(10, of: population)
    #expect(subjects.map(\.certificateIdentifier) == (0..<10).map { "p\($0 * 10)" })
    #expect(subjects[3].person.citizenID == population[120].citizenID)
    #expect(subjects[3].platform.id == "platform-9")
  }

  @Test func `more than there are cannot be read`() {
    #expect(throws: Unprepared.self) {
      try Self.stock(2).subjects(3, of: Population(seed: 7))
    }
  }

  @Test func `newcomers are none of those that are stored, and none of another run`() throws {
    let stock = Self.stock(2)
    #expect(try stock.firstNewcomer(afterRuns: 0) == 1_000)
    #expect(try stock.firstNewcomer(afterRuns: 1) == 2_001_000)
    let last = (Person.count - 1_000) / 2_000_000
    #expect(try stock.firstNewcomer(afterRuns: last - 1) + 2_000_000 <= Person.count)
    #expect(throws: Unprepared.self) { try stock.firstNewcomer(afterRuns: last) }
  }

  @Test func `each run on the stores is counted`() throws {
    let path = FileManager.default.temporaryDirectory
      .appending(path: "populated-\(UUID().uuidString).json").path
    defer { try? FileManager.default.removeItem(atPath: path + ".runs") }
    for runs in 0..<3 { #expect(try PopulatedStock.beginRun(path) == runs) }
    #expect(throws: Unprepared.self) { try PopulatedStock.beginRun("/nowhere/at/all") }
  }
}
