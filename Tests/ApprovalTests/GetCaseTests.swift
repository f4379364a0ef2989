import DomainModel
import RPC
import Storage
import StorageSQLite
import TestSupport
import Testing
import Wire

@testable import ApprovalCore

struct GetCaseTests {
  static let readers: [(Caller, String?)] = [
    (Caller(kind: .officer, id: "p", office: Police.station, role: "accept"), nil),
    (Caller(kind: .officer, id: "p", office: Police.bureau, role: "approve"), nil),
    (Caller(kind: .auditor, id: "a"), nil),
    (
      Caller(kind: .officer, id: "p", office: Police.elsewhere, role: "accept"),
      "OFFICER_WRONG_OFFICE"
    ),
    (Caller(kind: .officer, id: "p"), "OFFICER_WRONG_OFFICE"),
    (Caller(kind: .applicant, id: "p"), "CALLER_NOT_ALLOWED"),
    (Caller(kind: .integrator, id: "p"), "CALLER_NOT_ALLOWED"),
    (Caller(kind: .service, id: "intake"), "CALLER_NOT_ALLOWED"),
  ]

  @Test(arguments: Self.readers)
  func `a case is read by its offices and by auditors`(
    _ caller: Caller, _ expected: String?
  ) async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    let requests = [
      ApprovalV1.GetCaseRequest(key: .caseID(id)),
      ApprovalV1.GetCaseRequest(key: .applicationID("application-1")),
    ]
    for request in requests {
      if let expected {
        let error = await refusal { try await desk.client.getCase(request, options: .by(caller)) }
        #expect(error.reason == expected)
      } else {
        let answer = try await desk.client.getCase(request, options: .by(caller))
        #expect(answer.case?.caseID == id)
      }
    }
    let history = ApprovalV1.GetCaseHistoryRequest(caseID: id)
    if let expected {
      let error = await refusal {
        try await desk.client.getCaseHistory(history, options: .by(caller))
      }
      #expect(error.reason == expected)
    }
  }

  @Test func `a case that is not there is not found`() async throws {
    let desk = try await Desk()
    for key in [nil, .caseID("x"), .applicationID("x")] as [ApprovalV1.GetCaseRequest.Key?] {
      let error = await refusal {
        try await desk.client.getCase(.init(key: key), options: .auditor)
      }
      #expect(error.reason == "CASE_NOT_FOUND")
    }
    let error = await refusal {
      try await desk.client.getCaseHistory(.init(caseID: "x"), options: .auditor)
    }
    #expect(error.reason == "CASE_NOT_FOUND")
  }

  @Test func `no personal datum stands in clear in the store or the log`() async throws {
    let desk = try await Desk()
    let id = try await desk.open()
    for stage in [Stage.accept, .review, .approve] { try await desk.sign(id, stage) }
    let secrets = ["11010519491231002X", "𬎆·王", "13800138000", "保俶路1号"]
    let rows = try await desk.store.read { snapshot in
      try ["case_file", "approval_case", "outbox", "inbox", "opinion", "history"].flatMap { table in
        try snapshot.rows(Self.all(of: table))
      }
    }
    #expect(rows.count > 8)
    let stored = rows.flatMap(\.values).map { value in
      switch value {
      case .text(let text): text
      case .bytes(let bytes): String(decoding: bytes, as: UTF8.self)
      case .integer(let number): "\(number)"
      case .null: ""
      }
    }
    let logged = desk.logs.lines.flatMap { [$0.message] + $0.metadata.values }
    for secret in secrets {
      #expect(!(stored + logged).contains { $0.contains(secret) })
    }
  }
}

extension GetCaseTests {
  /// Every column of a table; only a test may ask so.
  private static func all(of table: String) -> SQL {
    switch table {
    case "case_file": "SELECT * FROM case_file"
    case "approval_case": "SELECT * FROM approval_case"
    case "outbox": "SELECT * FROM outbox"
    case "inbox": "SELECT * FROM inbox"
    case "opinion": "SELECT * FROM opinion"
    default: "SELECT * FROM history"
    }
  }
}
