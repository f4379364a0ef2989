import Foundation
import People
import Testing

@testable import anju_load

struct NewcomersTests {
  private static let stock = PopulatedStock(
    seed: 7, persons: 1_000, permits: 0, platforms: 1, holders: [])

  /// Gives `body` the path of a stock with no files beside it yet, and removes them afterwards.
  private static func withPath(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "newcomers-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.appending(path: PopulatedStock.fileName).path)
  }

  private static func write(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  /// Takes so many, the first of whom is to be this one.
  private static func take(
    _ count: Int, of newcomers: inout Newcomers, beginningWith first: Int
  ) throws {
    let taken = try newcomers.take(count)
    #expect(taken == first)
  }

  @Test func `they are none of those stored, and none of an earlier run, however long`() throws {
    try Self.withPath { path in
      var first = try Newcomers(of: Self.stock, at: path)
      try Self.take(3_000_000, of: &first, beginningWith: 1_000)
      try Self.take(20, of: &first, beginningWith: 3_001_000)
      var second = try Newcomers(of: Self.stock, at: path)
      try Self.take(1, of: &second, beginningWith: 3_001_020)
    }
  }

  @Test func `who only looked has taken nobody`() throws {
    try Self.withPath { path in
      var refused = try Newcomers(of: Self.stock, at: path)
      #expect(throws: Unprepared.self) { try refused.take(Person.count) }
      try Self.take(0, of: &refused, beginningWith: 1_000)
      #expect(try Newcomers(of: Self.stock, at: path).next == 1_000)
      #expect(!FileManager.default.fileExists(atPath: path + ".next"))
    }
  }

  @Test func `nobody comes twice: then nobody is left`() throws {
    var newcomers = Newcomers(from: Person.count - 5)
    #expect(throws: Unprepared.self) { try newcomers.take(6) }
    try Self.take(5, of: &newcomers, beginningWith: Person.count - 5)
    #expect(throws: Unprepared.self) { try newcomers.take(1) }
    // Who reads needs nobody new.
    try Self.take(0, of: &newcomers, beginningWith: Person.count)
  }

  @Test func `runs that were only counted had two million each`() throws {
    try Self.withPath { path in
      try Self.write("3", path + ".runs")
      var newcomers = try Newcomers(of: Self.stock, at: path)
      try Self.take(10, of: &newcomers, beginningWith: 6_001_000)
      #expect(try Newcomers(of: Self.stock, at: path).next == 6_001_010)
    }
  }

  @Test(arguments: ["", "none", "-1", "1234567890"])
  func `a file that says nothing is not taken for a beginning`(text: String) throws {
    try Self.withPath { path in
      try Self.write(text, path + ".next")
      #expect(throws: Unprepared.self) { try Newcomers(of: Self.stock, at: path) }
    }
  }

  @Test func `where it cannot be kept, nobody is taken`() throws {
    var newcomers = try Newcomers(of: Self.stock, at: "/nowhere/at/all")
    #expect(throws: Unprepared.self) { try newcomers.take(1) }
    #expect(newcomers.next == 1_000)
  }
}
