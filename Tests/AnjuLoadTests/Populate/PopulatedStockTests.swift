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
}
