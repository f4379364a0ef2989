import DomainModel
import RPC
import Testing

@Suite struct StatusWireTests {
  private static let violation = ServiceError.Violation(
    field: "form.applicant.name", reason: "NAME_EMPTY", english: "The name is empty.",
    chinese: "姓名为空。")

  static let errors: [ServiceError] = [
    ServiceError(.applicationNotFound),
    ServiceError(.overloaded, retryDelayMs: 1_500),
    ServiceError(.applicationWrongState, metadata: ["current_state": "decided", "": ""]),
    ServiceError(.formDefective, violations: [Self.violation, Self.violation]),
    ServiceError(code: .unknown, message: ""),
    ServiceError(code: .aborted, message: "100% 申请 \u{1}\n"),
  ]

  @Test(arguments: Self.errors)
  func `an error comes back as it was sent`(_ error: ServiceError) {
    #expect(ServiceError(status: StatusWire(error)) == error)
  }

  @Test(arguments: ServiceError.Code.allCases)
  func `every code keeps its number`(_ code: ServiceError.Code) {
    let status = StatusWire(ServiceError(code: code, message: "m"))
    #expect(status.code == code.rawValue)
    #expect(status.details.isEmpty)
  }

  @Test func `the message is percent-encoded as the gRPC text says`() {
    let status = StatusWire(ServiceError(code: .aborted, message: "\t100% 安\r\n"))
    #expect(status.encodedMessage == "%09100%25 %E5%AE%89%0D%0A")
  }

  @Test(arguments: [("%", "%"), ("%4", "%4"), ("%zz", "%zz"), ("%41", "A"), ("%e5%AE%89", "安")])
  func `a peer's message is decoded and never lost`(_ encoded: String, _ message: String) {
    let status = StatusWire(code: 13, encodedMessage: encoded, details: [])
    #expect(ServiceError(status: status).message == message)
  }

  @Test func `a number that gRPC does not know is UNKNOWN`() {
    #expect(
      ServiceError(status: StatusWire(code: 99, encodedMessage: "", details: [])).code == .unknown)
  }

  @Test(arguments: [
    [0xFF], [0x1A, 0x05], [0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F], [0x0B], [0x09, 1],
  ])
  func `details that are no protobuf are left out`(_ bytes: [UInt8]) {
    let error = ServiceError(status: StatusWire(code: 5, encodedMessage: "m", details: bytes))
    #expect(error == ServiceError(code: .notFound, message: "m"))
  }

  @Test(arguments: [
    (20, true, true), (45, false, true), (100, false, false),
  ])
  func `a long list keeps every rule's field and code`(
    _ count: Int, _ keepsEnglish: Bool, _ keepsChinese: Bool
  ) {
    let long = ServiceError.Violation(
      field: "form.applicant.address", reason: "ADDRESS_INCOMPLETE",
      english: "The address names no road, village or house, so nobody can find it.",
      chinese: "地址未写明道路、村或者门牌号。")
    let error = ServiceError(.formDefective, violations: Array(repeating: long, count: count))
    let status = StatusWire(error)
    #expect(status.details.count <= 5600)
    let read = ServiceError(status: status)
    #expect(read.violations.count == count)
    #expect(read.violations.allSatisfy { $0.reason == long.reason && $0.field == long.field })
    #expect(read.violations.allSatisfy { $0.english.isEmpty != keepsEnglish })
    #expect(read.violations.allSatisfy { $0.chinese.isEmpty != keepsChinese })
  }

  @Test func `a list whose codes do not fit is cut and says by how much`() {
    let rule = ServiceError.Violation(
      field: "form.applicant.address", reason: "ADDRESS_INCOMPLETE", english: "e", chinese: "c")
    let error = ServiceError(.formDefective, violations: Array(repeating: rule, count: 1_000))
    let status = StatusWire(error)
    #expect(status.details.count <= 5600)
    let read = ServiceError(status: status)
    #expect(read.reason == error.reason)
    #expect(read.violations.count > 80)
    #expect(read.metadata["violations_left_out"] == "\(1_000 - read.violations.count)")
  }

  @Test func `an endless delay from a peer is a bounded one`() {
    // Any { RetryInfo { seconds: 2^63 - 1 } } by hand.
    let type = Array("type.googleapis.com/google.rpc.RetryInfo".utf8)
    let delay: [UInt8] = [
      0x0A, 0x0A, 0x08, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F,
    ]
    let any = [0x0A, UInt8(type.count)] + type + [0x12, UInt8(delay.count)] + delay
    let error = ServiceError(
      status: StatusWire(
        code: 14, encodedMessage: "", details: [0x1A, UInt8(any.count)] + any))
    #expect(error.retryDelayMs == 86_400_000)
  }
}
