import DomainModel
import Foundation
import TestSupport
import Testing

@testable import PermitProof

@Suite struct RevocationSnapshotTests {
  private static func head(at ms: Int64 = 1_000, until next: Int64 = 2_000) throws
    -> RevocationSnapshot.Head
  {
    try #require(
      RevocationSnapshot.Head(
        logID: "log", treeSize: 7, at: Timestamp(milliseconds: ms),
        nextUpdateAt: Timestamp(milliseconds: next), keyID: "key"))
  }

  private static func file(_ marks: [RevocationReason: [UInt64]]) throws -> [UInt8] {
    SignedSnapshot(
      RevocationSnapshot(try Self.head(), marks: marks),
      signature: [UInt8](repeating: 9, count: 70)
    ).bytes
  }

  private static func refusal(_ bytes: [UInt8]) -> FormDefect? {
    do throws(FormDefect) {
      _ = try SignedSnapshot(bytes: bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test func `each listed certificate is found with its reason, and no other`() throws {
    let registry = try SampleRegistry()
    let listed = try (0..<400).map { index in
      Revocation(
        try registry.identifier(),
        RevocationReason.allCases[index % RevocationReason.allCases.count])
    }
    let snapshot = try #require(RevocationSnapshot(try Self.head(), of: listed))
    let signed = SignedSnapshot(snapshot, signature: [1])
    let read = try SignedSnapshot(bytes: signed.bytes)
    #expect(read == signed)
    #expect(read.snapshot.count == 400)
    for revocation in listed {
      #expect(read.snapshot.reason(for: revocation.identifier) == revocation.reason)
      #expect(!contains(signed.bytes, Array(revocation.identifier.serial.utf8)))
    }
    for _ in 0..<400 { #expect(read.snapshot.reason(for: try registry.identifier()) == nil) }
  }

  @Test func `the strongest of several reasons is told`() throws {
    let identifier = try SampleRegistry().identifier()
    let snapshot = RevocationSnapshot(
      try Self.head(),
      of: [Revocation(identifier, .suspended), Revocation(identifier, .cancelled)])
    #expect(snapshot?.reason(for: identifier) == .cancelled)
  }

  @Test(arguments: [0, 1, 2, 3, 50, 1_000, 30_000])
  func `marks of any number are read as they were written`(_ count: Int) throws {
    var generator = SeededRandom(seed: UInt64(count) + 1)
    var marks: Set<UInt64> = []
    while marks.count < count {
      marks.insert(UInt64.random(in: 0..<RevocationMark.end, using: &generator))
    }
    let sorted = marks.sorted()
    let bytes = MarkCoding.encode(sorted)
    var reader = ByteReader(bytes[...])
    #expect(try MarkCoding.decode(count, from: &reader) == sorted)
    #expect(reader.rest.isEmpty)
    // Within 3 % of the least for random marks: log2(2^56 / n) + log2(e) bits each.
    if count == 30_000 {
      let least = 56 - 14.87 + 1.44
      #expect(Double(bytes.count * 8) / Double(count) < least * 1.03)
    }
  }

  private static let isLong = ProcessInfo.processInfo.environment["ANJU_LONG"] == "1"

  @Test(.enabled(if: Self.isLong))
  func `a million marks have as many bytes as the README says`() throws {
    var generator = SeededRandom(seed: 6)
    let marks = (0..<1_000_000).map { _ in
      UInt64.random(in: 0..<RevocationMark.end, using: &generator)
    }
    let bytes = try Self.file([.cancelled: Set(marks).sorted()])
    #expect((4_650_000...4_750_000).contains(bytes.count), "\(bytes.count) bytes")
    #expect(try SignedSnapshot(bytes: bytes).snapshot.count == Set(marks).count)
  }

  @Test func `marks at the ends and side by side are read`() throws {
    for marks in [[0], [RevocationMark.end - 1], [0, 1, 2], [0, RevocationMark.end - 1]] {
      let bytes = MarkCoding.encode(marks)
      var reader = ByteReader(bytes[...])
      #expect(try MarkCoding.decode(marks.count, from: &reader) == marks)
    }
  }

  @Test func `every cut is told as one, and every changed bit is seen`() throws {
    let bytes = try Self.file([.cancelled: [5, 77, 1 << 50], .lost: [1, 2]])
    #expect(Self.refusal(bytes) == nil)
    for count in bytes.indices {
      #expect(Self.refusal(Array(bytes[..<count])) == .truncated, "\(count) bytes")
    }
    for bit in 0..<(bytes.count * 8) {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      guard let read = try? SignedSnapshot(bytes: changed) else { continue }
      #expect(read.bytes == changed, "what is read is written as something else")
    }
    #expect(Self.refusal(bytes + [0]) == .notCanonical(at: bytes.count))
  }

  @Test func `numbers that no snapshot has are refused before they take memory`() throws {
    let empty = try Self.file([:])
    // The number of cancelled ones stands after magic, two words and the head's numbers.
    let place = 4 + 4 + 4 + 6 + 6 + 7
    func told(_ count: UInt32) -> FormDefect? {
      var bytes = empty
      for index in 0..<4 {
        bytes[place + index] = UInt8(truncatingIfNeeded: count >> (24 - 8 * index))
      }
      return Self.refusal(bytes)
    }
    #expect(told(0) == nil)
    #expect(told(.max) == .fieldWrong("count"))
    #expect(told(UInt32(RevocationSnapshot.countMax)) == .truncated)
    #expect(Self.refusal(Array("AJC1".utf8) + empty.dropFirst(4)) == .formatUnknown)
    // Bits that are left over and are not zero.
    var padded = try Self.file([.cancelled: [0]])
    padded[place + 4 + 7] |= 1
    #expect(Self.refusal(padded) == .fieldWrong("padding"))
  }

  @Test func `a head that cannot be is not made`() {
    func head(
      _ log: String = "l", size: Int = 0, at: Int64 = 1, next: Int64 = 2
    ) -> RevocationSnapshot.Head? {
      RevocationSnapshot.Head(
        logID: log, treeSize: size, at: Timestamp(milliseconds: at),
        nextUpdateAt: Timestamp(milliseconds: next), keyID: "k")
    }
    #expect(head() != nil)
    #expect(head("") == nil)
    #expect(head("a b") == nil)
    #expect(head(size: -1) == nil)
    #expect(head(size: (1 << 48) + 1) == nil)
    #expect(head(at: 2) == nil)
    #expect(head(at: -1) == nil)
    #expect(head(next: 1 << 48) == nil)
  }

  private func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    bytes.firstRange(of: part) != nil
  }
}
