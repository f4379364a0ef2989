import DomainModel
import Testing
import Transport

@testable import NotificationGateways

struct GatewayPlanTests {
  private static let right = """
    # Two providers and the file.
    [mobile]
    protocol = cmpp
    server = 10.1.2.3:7890
    account = 901234
    secret-file = mobile.secret
    source = 106900011
    private-line = yes

    [telecom]
    protocol = smpp
    server = [::1]:2775
    account = anju
    secret-file = telecom.secret
    source = 106900012
    ids = hex-then-decimal
    window = 10

    [file]
    protocol = file

    [failover]
    errors = 3
    return-ms = 5000

    [routes]
    134, 135 = mobile, telecom
    1349 = telecom
    * = telecom, file
    """

  private static func plan(_ text: String) throws -> GatewayPlan {
    try GatewayPlan(text: text) { name in name == "mobile.secret" ? "mobile\n" : "tele" }
  }

  @Test func `a plan says which gateways there are and who carries which number`() throws {
    let plan = try Self.plan(Self.right)
    #expect(plan.ways.map(\.name) == ["mobile", "telecom", "file"])
    guard case .cmpp(let mobile, let line, isPrivateLine: true) = plan.ways[0].way,
      case .smpp(let telecom, let other, isPrivateLine: false) = plan.ways[1].way
    else {
      Issue.record("other ways: \(plan.ways)")
      return
    }
    #expect(mobile.secret == "mobile" && line.limits.windowMax == 16)
    #expect(telecom.ids == .hexThenDecimal && other.limits.windowMax == 10)
    #expect(other.server.host == "::1" && other.server.port == 2775)
    #expect(plan.failover.errorsMax == 3 && plan.failover.returnMs == 5_000)
    for (phone, names) in [
      ("13400000000", ["mobile", "telecom"]), ("13490000000", ["telecom"]),
      ("18900000000", ["telecom", "file"]),
    ] {
      let number = try PhoneNumber.check(phone).get()
      #expect(plan.routes.gateways(for: number) == names)
    }
  }

  @Test func `everything that is wrong is told at once, each with its line`() {
    let text = """
      stray = 1
      [Mobile]
      protocol = smtp
      [telecom]
      protocol = smpp
      server = nowhere
      account = anju-anju-anju-anju
      window = 0
      colour = red
      [routes]
      13x = nobody
      """
    let mistakes = #expect(throws: GatewayPlan.Mistakes.self) { try Self.plan(text) }
    #expect(
      mistakes?.lines == [
        "line 1: neither [name] nor key = value",
        "line 2: a gateway's name has 1 to 32 of a-z, 0-9 and -",
        "line 3: protocol cannot be \"smtp\": one of file, smpp, cmpp",
        "line 7: account cannot be \"anju-anju-anju-anju\": 1 to 15 ASCII characters",
        "line 4: [telecom] has no secret-file", "line 4: [telecom] has no source",
        "line 4: server is host:port", "line 8: window cannot be \"0\": 1 to 1000",
        "line 9: there is no colour in [telecom]", "line 11: there is no gateway nobody",
        "line 11: no first digits: 13x", "line 10: [routes] says nothing of other numbers: * = …",
      ])
    let none = #expect(throws: GatewayPlan.Mistakes.self) { try Self.plan("") }
    #expect(none?.lines == ["there is no gateway", "there is no [routes]"])
  }
}
