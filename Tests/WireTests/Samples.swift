import Wire

/// Messages with every kind of field, for tests and golden bytes.
enum Samples {
  static let address = ModelV1.Address(
    divisionCode: "330106", street: "北山街道", community: "曙光社区", detail: "曙光路 15 号 401 室")

  static let form = ModelV1.ApplicationForm(
    applicant: ModelV1.Identity(
      citizenID: "33010619900307123X", name: "买买提·\u{20BB7}田", sex: .female, ethnicityCode: "05",
      householdAddress: address),
    residence: address, phone: "13800000000",
    claims: [
      ModelV1.ConditionClaim(
        condition: .employment, evidence: [.labourContract, .socialInsurance, .unrecognized(300)]),
      ModelV1.ConditionClaim(condition: .talent),
    ],
    guardian: ModelV1.Guardian())

  static let application = IntakeV1.Application(
    applicationID: "01J9ZQ0H5K8N7R3T2V4W6X8Y0Z", version: -1, state: .supplementNeeded,
    kind: .firstPermit, channel: .web, policyVersion: "zhejiang-2022-1",
    createdAtMs: 1_767_225_600_000,
    commitment: IntakeV1.Commitment(noticeVersion: "zhejiang-2022-1", assented: true),
    form: form,
    materials: [
      ModelV1.Material(
        materialID: "M1", kind: .photo, mediaType: "image/jpeg", sizeBytes: 2_097_152,
        sha256: (0..<32).map { UInt8($0) })
    ],
    findings: [
      ModelV1.Finding(), ModelV1.Finding(rule: "HALF_YEAR_NOT_REACHED", metOn: "2026-07-01"),
    ],
    notices: [
      IntakeV1.SupplementNotice(
        notifiedAtMs: 1, reasons: [ModelV1.Reason(code: "PHOTO_UNUSABLE", text: "请重新拍照。")],
        round: 1)
    ])

  static let progress = IntakeV1.RecordProgressRequest(
    idempotencyKey: "0123456789abcdef", applicationID: "A1", sequence: .max,
    occurredAtMs: .min, step: .refused(IntakeV1.Refusal(decidedAtMs: 5, court: "杭州铁路运输法院")))

  static let chunk = IntakeV1.UploadMaterialRequest(part: .chunk([0, 255, 0, 1]))

  static let emptyKey = IntakeV1.GetApplicationRequest(key: .applicationNumber(""))

  static let status = GoogleRpc.Status(
    code: 3, message: "The application has defects; every one is listed.",
    details: [
      GoogleProtobuf.`Any`(
        typeURL: "type.googleapis.com/google.rpc.ErrorInfo", value: [10, 1, 65, 0])
    ])

  static let errorInfo = GoogleRpc.ErrorInfo(
    reason: "VERSION_STALE", domain: "anju.zj.gov.cn",
    metadata: [.init(key: "current_version", value: "7"), .init()])
}
