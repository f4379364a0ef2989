import Foundation
import RPC
import Testing

@testable import ServiceKit

struct SettingsTableTests {
  @Test func `the README's table is what the code reads`() throws {
    var reader = SettingsReader(service: .intake)
    _ = CommonSettings(reading: &reader)
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let readme = try String(
      contentsOf: root.appending(path: "Shared/ServiceKit/README.md"), encoding: .utf8)
    let begin = try #require(readme.firstRange(of: "<!-- settings: begin -->\n"))
    let end = try #require(readme.firstRange(of: "<!-- settings: end -->"))
    let table = String(readme[begin.upperBound..<end.lowerBound])
    #expect(table == SettingRow.table(reader.rows), "print it with: IntakeServer --settings")
  }

  @Test func `every service has its own ports`() {
    let ports = ServiceName.allCases.flatMap { [$0.defaultPort, $0.defaultAdminPort] }
    #expect(Set(ports).count == ports.count)
  }
}
