import Foundation
import People

/// The persons who are still to come for the first time, in the order of the population: none comes
/// as a newcomer twice, for he may have a permit by then.
struct Newcomers: Hashable, Sendable {
  /// So many came in each run while a file beside the stores only counted the runs.
  private static let countedRunPersons = 2_000_000
  /// The most digits of a person's number.
  private static let digitsMax = 9

  /// The next of them.
  private(set) var next: Int
  /// Where it is kept for later runs who is the next one; nil where nothing is kept.
  private let file: String?

  /// Those from this one on, in a population that nobody goes on with.
  init(from next: Int) {
    self.next = next
    self.file = nil
  }

  /// Those who are new on populated stores: not stored, and not taken in an earlier run, as files
  /// beside `path` tell. Throws `Unprepared` where these cannot be read.
  init(of stock: PopulatedStock, at path: String) throws {
    let file = "\(path).next"
    let runs = try Self.number(in: "\(path).runs")
    let counted = runs.map { stock.persons + $0 * Self.countedRunPersons }
    self.next = max(stock.persons, try Self.number(in: file) ?? counted ?? 0)
    self.file = file
  }

  /// Takes as many as a load may bring; returns the first. Throws `Unprepared` where fewer are
  /// left, or where it cannot be kept for later runs: then none is taken.
  mutating func take(_ count: Int) throws -> Int {
    let first = self.next
    let left = max(0, Person.count - first)
    guard count <= left else {
      throw Unprepared(
        "\(count) persons may come who are new, and \(left) are left: ask for fewer arrivals, or "
          + "load other stores")
    }
    if let file, count > 0 {
      do {
        try Data("\(first + count)".utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
      } catch {
        throw Unprepared("\(file) cannot be written: it says who is new to the stores: \(error)")
      }
    }
    self.next = first + count
    return first
  }

  private static func number(in file: String) throws -> Int? {
    guard FileManager.default.fileExists(atPath: file) else { return nil }
    guard let data = FileManager.default.contents(atPath: file), data.count <= Self.digitsMax,
      let number = Int(String(decoding: data, as: UTF8.self)), number >= 0
    else { throw Unprepared("\(file) is not what a run writes: it says who is new to the stores") }
    return number
  }
}
