import RPC
import Testing

@testable import ServiceKit

/// Reads the common settings of Intake and finishes.
private func read(
  file: String = "", environment: [String: String] = [:]
) throws -> CommonSettings {
  var reader = SettingsReader(
    service: .intake, fileName: "anju.conf", fileText: file, environment: environment)
  let settings = CommonSettings(reading: &reader)
  try reader.finish()
  return settings
}

/// The problems that reading finds.
private func problems(file: String = "", environment: [String: String] = [:]) -> [String] {
  do {
    _ = try read(file: file, environment: environment)
    return []
  } catch let error as ConfigurationError {
    return error.problems
  } catch {
    return ["\(error)"]
  }
}

struct SettingsReaderTests {
  @Test func `nobody has to set anything`() throws {
    #expect(try read() == CommonSettings(service: .intake))
  }

  @Test func `a file sets a value`() throws {
    let settings = try read(file: "# ours\n\n intake.listen.port = 6001 \n")
    #expect(settings.listen.port == 6001)
  }

  @Test func `the environment goes before the file`() throws {
    let settings = try read(
      file: "intake.listen.port = 6001\nintake.log.level = debug",
      environment: ["INTAKE_LISTEN_PORT": "6002", "HOME": "/"])
    #expect(settings.listen.port == 6002)
    #expect(settings.logLevel == .debug)
  }

  @Test func `one file may hold the settings of all services`() throws {
    let settings = try read(file: "approval.listen.port = 1\nintake.drain.seconds = 3")
    #expect(settings.drainSeconds == 3)
  }

  @Test func `every problem is told at once`() {
    let found = problems(
      file: """
        intake.listen.port = high
        intake.listen.prot = 1
        no equals sign
        shop.name = x
        intake.log.level = info
        intake.log.level = debug
        """,
      environment: ["INTAKE_LOG_FORMAT": "xml", "INTAKE_LOG_LEVLE": "info"])
    #expect(
      found == [
        "anju.conf line 3: expected `key = value`",
        "anju.conf line 6: intake.log.level stands already on line 5",
        "anju.conf line 1: intake.listen.port cannot be \"high\": "
          + "where gRPC is served: the port; 0 for any free one, which the log tells (0 to 65535)",
        "INTAKE_LOG_FORMAT cannot be \"xml\": how a line is written: json, text",
        "anju.conf line 2: there is no setting intake.listen.prot",
        "anju.conf line 4: there is no setting shop.name",
        "INTAKE_LOG_LEVLE: there is no such setting in the environment",
      ])
  }

  /// Values just outside their bounds, and values of no length.
  static let refused = [
    ("INTAKE_LISTEN_PORT", "-1"), ("INTAKE_LISTEN_PORT", "65536"), ("INTAKE_LISTEN_PORT", ""),
    ("INTAKE_DRAIN_SECONDS", "-1"), ("INTAKE_DRAIN_SECONDS", "601"),
    ("INTAKE_DATA_DIRECTORY", ""), ("INTAKE_LOG_LEVEL", "INFO"),
  ]

  @Test(arguments: refused)
  func `a value out of bounds is refused`(name: String, value: String) {
    let found = problems(environment: [name: value])
    #expect(found.count == 1)
    #expect(found.first?.hasPrefix("\(name) cannot be \"\(value)\"") == true)
  }

  @Test(arguments: [
    ("none", [:]), ("SubmitBatch=8", ["SubmitBatch": 8]),
    ("RenderDocument=4  SubmitBatch=8", ["RenderDocument": 4, "SubmitBatch": 8]),
  ])
  func `single methods have bounds of their own`(_ text: String, _ calls: [String: Int]) throws {
    #expect(try read(file: "intake.rpc.methods = \(text)\n").methodCalls.calls == calls)
  }

  @Test(arguments: ["SubmitBatch", "SubmitBatch=0", "=1", "A=1 A=2", "A=1,B=2", "A=x"])
  func `a bound that is none is told`(_ text: String) {
    #expect(problems(file: "intake.rpc.methods = \(text)\n").count == 1)
  }

  @Test func `two pages cannot share a port`() {
    let found = problems(environment: ["INTAKE_ADMIN_PORT": "50051"])
    #expect(found == ["intake.listen.port and .admin.port are both 50051"])
  }

  /// What is set, and what is wrong with it.
  static let tlsMisfits: [([String: String], [String])] = [
    (["CERTIFICATE": "a.pem", "KEY": "a.key"], []),
    (["CERTIFICATE": "a.pem", "KEY": "a.key", "CLIENT_ROOTS": "r.pem", "PEER_ROOTS": "p.pem"], []),
    (["CERTIFICATE": "a.pem"], ["intake.tls.certificate is set, but not intake.tls.key"]),
    (["KEY": "a.key"], ["intake.tls.key is set, but not intake.tls.certificate"]),
    (
      ["CLIENT_ROOTS": "r.pem", "PEER_ROOTS": "r.pem"],
      [
        "intake.tls.client.roots is set, but not intake.tls.certificate",
        "intake.tls.peer.roots is set, but not intake.tls.certificate",
      ]
    ),
  ]

  @Test(arguments: tlsMisfits)
  func `settings of TLS go together`(set: [String: String], expected: [String]) {
    let environment = Dictionary(
      uniqueKeysWithValues: set.map { ("INTAKE_TLS_\($0.key)", $0.value) })
    #expect(problems(environment: environment) == expected)
  }

  @Test func `an address that others reach needs TLS and the roots of the other services`() {
    let outside = ["INTAKE_LISTEN_HOST": "10.0.0.7"]
    #expect(
      problems(environment: outside) == [
        "intake.listen.host is 10.0.0.7, which others reach: "
          + "set intake.tls.certificate and intake.tls.key"
      ])
    let alone = outside.merging(["INTAKE_TLS_CERTIFICATE": "a", "INTAKE_TLS_KEY": "b"]) { $1 }
    #expect(
      problems(environment: alone) == [
        "intake.listen.host is 10.0.0.7, which others reach: "
          + "set intake.tls.client.roots, for services know each other by certificates"
      ])
    let whole = alone.merging(["INTAKE_TLS_CLIENT_ROOTS": "r"]) { $1 }
    #expect(problems(environment: whole).isEmpty)
  }

  /// Written form, host, port.
  static let addresses: [(String, PeerAddress?)] = [
    ("127.0.0.1:50052", PeerAddress(host: "127.0.0.1", port: 50052)),
    ("approval.local:1", PeerAddress(host: "approval.local", port: 1)),
    ("[::1]:50052", PeerAddress(host: "::1", port: 50052)),
    ("::1:50052", nil), ("approval", nil), (":50052", nil), ("a:0", nil), ("a:65536", nil),
    ("a b:1", nil), ("", nil),
  ]

  @Test(arguments: addresses)
  func `a peer is written host colon port`(text: String, expected: PeerAddress?) {
    #expect(PeerAddress(text) == expected)
    if let expected { #expect(expected.description == text) }
  }

  @Test func `a peer's address is a setting`() throws {
    var reader = SettingsReader(
      service: .intake, environment: ["INTAKE_PEERS_APPROVAL": "approval:7000"])
    let address = reader.peer(.approval)
    try reader.finish()
    #expect(address.addresses == [PeerAddress(host: "approval", port: 7000)])
    #expect(reader.rows.map(\.key) == ["intake.peers.approval"])
  }

  /// Written form, the servers in it.
  static let servers: [(String, [String]?)] = [
    ("127.0.0.1:1,127.0.0.2:2", ["127.0.0.1:1", "127.0.0.2:2"]),
    ("a:1, [::1]:2", ["a:1", "[::1]:2"]),
    ("dns:approval.local:1", ["approval.local:1"]),
    ("dns:///approval.local:1,b:2", ["approval.local:1", "b:2"]),
    ("a:1,", nil), (",a:1", nil), ("a:1;b:2", nil), ("", nil), ("dns:", nil),
    (Array(repeating: "a:1", count: PeerServers.addressesMax + 1).joined(separator: ","), nil),
  ]

  @Test(arguments: servers)
  func `a peer may have several servers`(text: String, expected: [String]?) {
    #expect(PeerServers(text)?.addresses.map(\.description) == expected)
  }

  @Test func `platforms have a name each, and one or several servers`() throws {
    let text = "population=10.0.0.1:1,10.0.0.2:1 credit-zhejiang=b.example:2"
    var reader = SettingsReader(
      service: .approval, environment: ["APPROVAL_CREDIT_PLATFORMS": text])
    let found = reader.platforms("credit.platforms", "who is told")
    try reader.finish()
    #expect(found.map(\.name) == ["population", "credit-zhejiang"])
    #expect(found.map { "\($0.servers)" } == ["10.0.0.1:1,10.0.0.2:1", "b.example:2"])
    var unset = SettingsReader(service: .approval)
    #expect(unset.platforms("credit.platforms", "who is told") == [])
  }

  @Test(arguments: ["nonsense", "a=1.2.3.4", "A=1.2.3.4:5", "a=x:1 a=y:2", "=x:1"])
  func `what names no platforms is told`(_ text: String) {
    var reader = SettingsReader(
      service: .approval, environment: ["APPROVAL_CREDIT_PLATFORMS": text])
    #expect(reader.platforms("credit.platforms", "who is told") == [])
    let error = #expect(throws: ConfigurationError.self) { try reader.finish() }
    #expect(error?.problems.first?.hasPrefix("approval.credit.platforms cannot be") == true)
  }
}
