import Foundation
import PermitProof
import Testing

@testable import CertificateRegistryCore

struct LookReasonTests {
  @Test func `the registry's page lists every reason`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Services/CertificateRegistry/README.md"), encoding: .utf8)
    for reason in LookReason.all {
      #expect(page.contains("| `\(reason.rawValue)` |"), "\(reason.rawValue)")
    }
  }

  @Test func `what is told online and offline has the same name`() {
    let offline = Set(ProofReason.allCases.map(\.rawValue))
    let both: [LookReason] = [.suspended, .lost, .cancelled, .superseded, .codeExpired]
    for reason in LookReason.all {
      #expect(offline.contains(reason.rawValue) == both.contains(reason), "\(reason.rawValue)")
    }
  }
}
