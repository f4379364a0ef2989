import Foundation
import Papers
import TestSupport
import Testing

@testable import CertificateRegistryCore

/// Papers for people to look at, and what each costs:
/// `ANJU_PAPERS=folder swift test --filter PaperLookTests` writes them, and `costs.txt`.
struct PaperLookTests {
  static let folder = ProcessInfo.processInfo.environment["ANJU_PAPERS"].map { URL(filePath: $0) }

  @Test(.enabled(if: folder != nil))
  func `every paper is written to a folder with what it costs`() throws {
    let folder = try #require(Self.folder)
    let printer = try PaperSamples.printer.get()
    let costs = try self.papers().map { name, make in
      try Data(make(printer)).write(to: folder.appending(path: name))
      return try Self.cost(of: name) { try make(printer) }
    }
    try costs.joined().write(
      to: folder.appending(path: "costs.txt"), atomically: true, encoding: .utf8)
  }

  private typealias Make = (PaperPrinter) throws -> [UInt8]

  private func papers() throws -> [(String, Make)] {
    let since = try PaperSamples.day("2026-03-11")
    let entrusted = EntrustedPerson(
      name: "热依汗古丽·买买提", citizenID: "110101199003074039")
    let slips = [
      try PaperSamples.slip(PaperSamples.ordinaryName),
      try PaperSamples.slip(
        PaperSamples.rareName, .suspended(since: since), hasPhoto: false, entrusted: entrusted),
      try PaperSamples.slip(PaperSamples.longName, .endorsementWindow, entrusted: entrusted),
      try PaperSamples.slip(PaperSamples.longName, .suspended(since: since)),
    ]
    let vouchers = [
      try PaperSamples.voucher(PaperSamples.rareName),
      try PaperSamples.voucher(PaperSamples.longName, hasPhoto: false),
    ]
    let faces = [
      try PaperSamples.face(PaperSamples.ordinaryName),
      try PaperSamples.face(PaperSamples.longName, .suspended(since: since)),
      try PaperSamples.face(PaperSamples.rareName, .endorsementWindow),
    ]
    return slips.enumerated().map { index, slip in
      ("slip-\(index + 1).pdf", { try $0.pdf(of: slip) })
    }
      + vouchers.enumerated().map { index, voucher in
        ("voucher-\(index + 1).pdf", { try $0.pdf(of: voucher) })
      }
      + vouchers.enumerated().map { index, voucher in
        ("voucher-\(index + 1).png", { try $0.png(of: voucher) })
      }
      + faces.enumerated().map { index, face in
        ("face-\(index + 1).png", { try $0.png(of: face) })
      }
  }

  /// One line: name, bytes, and the median of 21 times of the processor in milliseconds. It is the
  /// whole process's time, so the test has to run alone.
  private static func cost(of name: String, _ make: () throws -> [UInt8]) throws -> String {
    var bytes = 0
    let times = try (0..<21).map { _ in
      let before = Self.processorMs()
      bytes = try make().count
      return Self.processorMs() - before
    }
    return "\(name)\t\(bytes) bytes\t\(Int(times.sorted()[10].rounded())) ms\n"
  }

  private static func processorMs() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1_000 + Double(time.tv_nsec) / 1_000_000
  }
}
