import RPC
import Testing
import Wire

struct RoundTripTests {
  private func survives<M: WireMessage>(_ message: M) throws {
    #expect(try M(wireBytes: message.wireBytes()) == message)
  }

  @Test func `every kind of field comes back as it was`() throws {
    try self.survives(Samples.application)
    try self.survives(Samples.progress)
    try self.survives(Samples.chunk)
    try self.survives(Samples.status)
    try self.survives(Samples.errorInfo)
    try self.survives(GoogleProtobuf.Duration(seconds: .min, nanos: -999_999_999))
    try self.survives(GrpcHealthV1.HealthCheckResponse(status: .serviceUnknown))
  }

  @Test func `a message of defaults has no bytes, and no bytes are such a message`() throws {
    #expect(try IntakeV1.Application().wireBytes() == [])
    #expect(try IntakeV1.Application(wireBytes: []) == IntakeV1.Application())
  }

  @Test func `an absent message differs from an empty one`() throws {
    let empty = IntakeV1.Application(form: ModelV1.ApplicationForm())
    #expect(try IntakeV1.Application(wireBytes: empty.wireBytes()).form != nil)
    #expect(try IntakeV1.Application(wireBytes: []).form == nil)
  }

  @Test(arguments: [
    IntakeV1.GetApplicationRequest.Key.applicationID(""), .applicationNumber(""),
    .applicationID("A"), .applicationNumber("浙"),
  ])
  func `a oneof remembers which case was set, also to an empty string`(
    key: IntakeV1.GetApplicationRequest.Key
  ) throws {
    try self.survives(IntakeV1.GetApplicationRequest(key: key))
  }

  @Test func `the last case of a oneof on the wire is the one that holds`() throws {
    let bytes = WireBytes.field(1, "first") + WireBytes.field(2, "second")
    #expect(
      try IntakeV1.GetApplicationRequest(wireBytes: bytes).key == .applicationNumber("second"))
  }

  @Test func `a field sent twice has its last value, and messages are merged`() throws {
    let bytes =
      WireBytes.field(1, WireBytes.field(2, "甲") + WireBytes.field(4, "01"))
      + WireBytes.field(3, "1") + WireBytes.field(1, WireBytes.field(2, "乙"))
      + WireBytes.field(3, "2")
    let form = try ModelV1.ApplicationForm(wireBytes: bytes)
    #expect(form.phone == "2")
    #expect(form.applicant == ModelV1.Identity(name: "乙", ethnicityCode: "01"))
  }

  @Test func `a list of enums is read packed and unpacked`() throws {
    let expected = ModelV1.ConditionClaim(evidence: [.labourContract, .agriculturalContract])
    let packed = WireBytes.field(2, [1, 2])
    let unpacked = WireBytes.field(2, varint: 1) + WireBytes.field(2, varint: 2)
    #expect(try ModelV1.ConditionClaim(wireBytes: packed) == expected)
    #expect(try ModelV1.ConditionClaim(wireBytes: unpacked) == expected)
    #expect(try expected.wireBytes() == packed)
  }

  @Test(arguments: [Int32(-1), 99, .max, .min])
  func `an enum's number that has no name survives`(number: Int32) throws {
    let identity = ModelV1.Identity(sex: .unrecognized(number))
    #expect(try ModelV1.Identity(wireBytes: identity.wireBytes()).sex == .unrecognized(number))
  }

  @Test func `an enum's numbers and names agree both ways`() {
    for value in IntakeV1.ApplicationState.allCases {
      #expect(IntakeV1.ApplicationState(rawValue: value.rawValue) == value)
    }
    #expect(IntakeV1.ApplicationState.allCases.count == 10)
    #expect(IntakeV1.ApplicationState(rawValue: 99) == .unrecognized(99))
  }
}
