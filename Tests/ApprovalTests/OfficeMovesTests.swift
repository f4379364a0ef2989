import DomainModel
import RPC
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

/// Another office takes an office's place from a day on: its open cases go there.
struct OfficeMovesTests {
  static let next = "330106590000"

  /// The station ends on 12 March 2026; the next one, of this county or of another, has its work.
  private static func rules(to county: String = "330106") throws -> RegionRules {
    let lines = try PolicyTexts.text("offices.tsv").split(separator: "\n").flatMap { line in
      guard line.hasPrefix("\(Police.station)\t") else { return [String(line)] }
      var old = line.split(separator: "\t").map(String.init)
      var new = old
      old[8] = "2026-03-12"
      old[9] = Self.successor(in: county)
      new[0] = Self.next
      new[7] = "2026-03-13"
      return [old.joined(separator: "\t"), new.joined(separator: "\t")]
    }
    return try RegionRules { name in
      name == "offices.tsv"
        ? lines.joined(separator: "\n") + "\n" : try PolicyTexts.text(name)
    }
  }

  private static func successor(in county: String) -> String {
    county == "330106" ? Self.next : "\(county)500000"
  }

  @Test func `its open cases go with their work, closed ones stay, and it is said once`()
    async throws
  {
    let desk = try await Desk(rules: Self.rules())
    let open = try await desk.open("application-1")
    let decided = try await desk.open("application-2")
    try await desk.sign(open, .accept)
    try await desk.sign(decided, .accept, .refuse, ["OFFICE_NOT_COMPETENT"])
    desk.clock.set(nineOClock("2026-03-12"))
    #expect(try await desk.assembly.moveCases() == 0)
    desk.clock.set(nineOClock("2026-03-13"))
    #expect(try await desk.assembly.moveCases() == 1)
    #expect(try await desk.assembly.moveCases() == 0)
    #expect(try await desk.read(open).officeCode == Self.next)
    #expect(try await desk.read(decided).officeCode == Police.station)
    #expect(try await desk.history(open).last?.action == "moved")
    let reviewer = Officer(id: "new-reviewer", office: Self.next, role: "review")
    #expect(try await desk.work(.review, of: reviewer).map(\.caseID) == [open])
    let former = await refusal { try await desk.sign(open, .review) }
    #expect(former.reason == "OFFICER_WRONG_OFFICE")
    try await desk.sign(open, .review, by: reviewer)
    try await desk.sign(open, .approve)
    try await desk.deliver()
    #expect(try await desk.read(open).state == .completed)
  }

  @Test func `where the station goes to another county its bureau does too`() async throws {
    let desk = try await Desk(rules: Self.rules(to: "330105"))
    let id = try await desk.open()
    desk.clock.set(nineOClock("2026-03-13"))
    #expect(try await desk.assembly.moveCases() == 1)
    let file = try await desk.read(id)
    #expect(file.officeCode == "330105500000" && file.bureauCode == "330105000000")
  }

  @Test func `more cases than one transaction takes all move, and a broken one holds up none`()
    async throws
  {
    let desk = try await Desk(rules: Self.rules())
    let count = OfficeMoves.batchMax + 3
    var ids: [String] = []
    for number in 0..<count { ids.append(try await desk.open("application-\(number)")) }
    try await desk.setPolicy(of: ids[5], to: "zhejiang-lost")
    desk.clock.set(nineOClock("2026-03-13"))
    #expect(try await desk.assembly.moveCases() == count - 1)
    #expect(desk.logs.lines.contains { $0.message == "a case cannot be moved" })
  }
}
