import DomainModel
import Foundation
import Testing

@testable import ServiceKit

/// A folder of its own for one test.
private final class Folder {
  let url = FileManager.default.temporaryDirectory.appending(
    path: "kit-\(UInt64.random(in: 0 ... .max))")

  init() throws {
    try FileManager.default.createDirectory(at: self.url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: self.url) }

  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let place = self.url.appending(path: name)
    try Data(bytes).write(to: place)
    return place.path
  }
}

struct FilesTests {
  @Test func `a policy file is read as text`() throws {
    let folder = try Folder()
    _ = try folder.write("calendar.tsv", Array("2026-01-01\t元旦\n".utf8))
    let text = try PolicyFiles(directory: folder.url.path).text("calendar.tsv")
    #expect(text == "2026-01-01\t元旦\n")
  }

  @Test func `the versions of a region are those that its files say, whatever their names`() throws
  {
    let folder = try Folder()
    for (name, version, first, last) in [
      ("zhejiang-2.tsv", "two", "2025-01-01", "2025-12-31"),
      ("zhejiang.tsv", "three", "2026-01-01", "-"),
      ("zhejiang-1.tsv", "one", "2022-03-07", "2024-12-31"),
      ("zhejiang-notes.txt", "none", "2022-03-07", "-"),
      ("jiangsu-1.tsv", "none", "2022-03-07", "-"),
    ] {
      _ = try folder.write(name, Self.policy(version, from: first, to: last))
    }
    let policies = try PolicyFiles(directory: folder.url.path).policies(of: "zhejiang")
    #expect(policies.all.map(\.version) == ["one", "two", "three"])
  }

  @Test func `two files of one policy version are refused with both names`() throws {
    let folder = try Folder()
    _ = try folder.write("zhejiang.tsv", Self.policy("one"))
    _ = try folder.write("zhejiang-1.tsv", Self.policy("one"))
    let path = folder.url.path
    let error = #expect(throws: PolicyFileError.self) {
      try PolicyFiles(directory: path).policies(of: "zhejiang")
    }
    #expect(error.map { "\($0)" } == "zhejiang-1.tsv:0: is version one, as zhejiang.tsv is")
  }

  @Test func `an earlier policy that cannot be read is named`() throws {
    let folder = try Folder()
    _ = try folder.write("zhejiang.tsv", Self.policy("two"))
    _ = try folder.write("zhejiang-1.tsv", Array("version\tone\there\n".utf8))
    let error = #expect(throws: PolicyFileError.self) {
      try PolicyFiles(directory: folder.url.path).policies(of: "zhejiang")
    }
    #expect(error.map { "\($0)" }?.hasPrefix("zhejiang-1.tsv") == true)
  }

  @Test func `a folder is listed in order and not beyond its bound`() throws {
    let folder = try Folder()
    for name in ["b", "a", "c"] { _ = try folder.write(name, []) }
    let path = folder.url.path
    #expect(try FileText.names(in: path, entriesMax: 3) == ["a", "b", "c"])
    let over = #expect(throws: ConfigurationError.self) {
      try FileText.names(in: path, entriesMax: 2)
    }
    #expect(over?.problems == ["\(path) has more than 2 entries"])
    let missing = #expect(throws: ConfigurationError.self) {
      try FileText.names(in: "\(path)/none", entriesMax: 2)
    }
    #expect(
      missing?.problems == ["\(path)/none cannot be listed: No such file or directory"])
  }

  /// The policy of the region, as another version.
  private static func policy(
    _ version: String, from first: String = "2022-03-07", to last: String = "-"
  ) throws -> [UInt8] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appending(path: "Services/Policy/zhejiang.tsv"), encoding: .utf8)
    let changed = text.replacing("version\tzhejiang-1\t", with: "version\t\(version)\t")
      .replacing("in_force_from\t2022-03-07\t", with: "in_force_from\t\(first)\t")
      .replacing("in_force_to\t-\t", with: "in_force_to\t\(last)\t")
    try #require(changed != text)
    return Array(changed.utf8)
  }

  @Test func `what cannot be read says which file and why`() throws {
    let folder = try Folder()
    let missing = folder.url.appending(path: "none").path
    #expect(self.problem(missing) == "\(missing) cannot be read: No such file or directory")
    let bad = try folder.write("bad", [0xFF, 0xFE])
    #expect(self.problem(bad) == "\(bad) is not UTF-8")
    let full = try folder.write("full", Array(repeating: 0x61, count: 100))
    #expect(self.problem(full) == nil)
    let over = try folder.write("over", Array(repeating: 0x61, count: 101))
    #expect(self.problem(over) == "\(over) has more than 100 bytes")
    #expect(self.problem(folder.url.path)?.hasSuffix("cannot be read: Is a directory") == true)
  }

  @Test func `folders are made for the owner only, and stay if they are there`() throws {
    let folder = try Folder()
    let path = folder.url.appending(path: "a/b").path
    for _ in 0..<2 {
      try FileText.makeFolder(path)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
      #expect(mode as? Int == 0o700)
    }
    let file = try folder.write("file", [])
    #expect(throws: ConfigurationError.self) { try FileText.makeFolder(file) }
    #expect(throws: ConfigurationError.self) { try FileText.makeFolder("\(file)/below") }
  }

  private func problem(_ path: String) -> String? {
    do {
      _ = try FileText.read(path, bytesMax: 100)
      return nil
    } catch { return error.problems.first }
  }
}
