/// The published catalogue of errors: one entry for each machine code that a caller may meet in
/// `google.rpc.ErrorInfo.reason`. `proto/ERRORS.md` is printed from it, and a test compares them.
///
/// A code is never reused and never changes its status; new ones are added at the end of their
/// group.
public enum ErrorReason: String, Hashable, Sendable, CaseIterable {
  // The call itself.
  case callerUnknown = "CALLER_UNKNOWN"
  case callerNotAllowed = "CALLER_NOT_ALLOWED"
  case idempotencyKeyInvalid = "IDEMPOTENCY_KEY_INVALID"
  case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
  case pageInvalid = "PAGE_INVALID"
  case overloaded = "OVERLOADED"
  case storeUnavailable = "STORE_UNAVAILABLE"
  case serviceStopping = "SERVICE_STOPPING"
  case issuingStopped = "ISSUING_STOPPED"
  case uploadTooSlow = "UPLOAD_TOO_SLOW"
  case tokenInvalid = "TOKEN_INVALID"
  case tokenExpired = "TOKEN_EXPIRED"
  case lookupsExhausted = "LOOKUPS_EXHAUSTED"
  case policyUnknown = "POLICY_UNKNOWN"
  case policyNotInForce = "POLICY_NOT_IN_FORCE"
  // Something named is not there.
  case applicationNotFound = "APPLICATION_NOT_FOUND"
  case caseNotFound = "CASE_NOT_FOUND"
  case permitNotFound = "PERMIT_NOT_FOUND"
  case messageNotFound = "MESSAGE_NOT_FOUND"
  case notThereYet = "NOT_THERE_YET"
  case registrationNotFound = "REGISTRATION_NOT_FOUND"
  case treeHeadNotFound = "TREE_HEAD_NOT_FOUND"
  case logEntryNotFound = "LOG_ENTRY_NOT_FOUND"
  case snapshotNotFound = "SNAPSHOT_NOT_FOUND"
  case materialNotFound = "MATERIAL_NOT_FOUND"
  case inspectionNotFound = "INSPECTION_NOT_FOUND"
  // What was sent breaks rules; the violations say which.
  case formDefective = "FORM_DEFECTIVE"
  case materialDefective = "MATERIAL_DEFECTIVE"
  case requestInvalid = "REQUEST_INVALID"
  // The state does not allow it.
  case applicationWrongState = "APPLICATION_WRONG_STATE"
  case applicationAlreadyOpen = "APPLICATION_ALREADY_OPEN"
  case progressOutOfOrder = "PROGRESS_OUT_OF_ORDER"
  case caseWrongState = "CASE_WRONG_STATE"
  case versionStale = "VERSION_STALE"
  case officerWrongOffice = "OFFICER_WRONG_OFFICE"
  case officerAlreadyInCase = "OFFICER_ALREADY_IN_CASE"
  case permitAlreadyLive = "PERMIT_ALREADY_LIVE"
  case messageNotDead = "MESSAGE_NOT_DEAD"
  case caseOfAnotherOfficer = "CASE_OF_ANOTHER_OFFICER"
  case draftsTooMany = "DRAFTS_TOO_MANY"
  case standingUnknown = "STANDING_UNKNOWN"
  case permitWrongState = "PERMIT_WRONG_STATE"
  case permitHeld = "PERMIT_HELD"
  case endorsementTooEarly = "ENDORSEMENT_TOO_EARLY"
  case permitMustConvert = "PERMIT_MUST_CONVERT"
  case holdUnknown = "HOLD_UNKNOWN"
  case holdsTooMany = "HOLDS_TOO_MANY"
  case permitNotConvertible = "PERMIT_NOT_CONVERTIBLE"
  case certificateVersionsUsedUp = "CERTIFICATE_VERSIONS_USED_UP"
  case endorsementAlreadyPending = "ENDORSEMENT_ALREADY_PENDING"
  case registrationEnded = "REGISTRATION_ENDED"
  case uploadNotThereYet = "UPLOAD_NOT_THERE_YET"
  case uploadsTooMany = "UPLOADS_TOO_MANY"
  case caseHeldByAnother = "CASE_HELD_BY_ANOTHER"
  case caseAssignedToAnother = "CASE_ASSIGNED_TO_ANOTHER"
  case claimLost = "CLAIM_LOST"
  case claimsTooMany = "CLAIMS_TOO_MANY"
  case officerMustRecuse = "OFFICER_MUST_RECUSE"
  case clockPaused = "CLOCK_PAUSED"
  case clockNotPaused = "CLOCK_NOT_PAUSED"
  case pauseNotInPolicy = "PAUSE_NOT_IN_POLICY"
  case extensionNotInPolicy = "EXTENSION_NOT_IN_POLICY"
  case codesExhausted = "CODES_EXHAUSTED"
  case phoneCodeWrong = "PHONE_CODE_WRONG"
  case phoneSharedTooOften = "PHONE_SHARED_TOO_OFTEN"
  case phoneNotProved = "PHONE_NOT_PROVED"
  case caseOnHold = "CASE_ON_HOLD"
  case inspectionWrongState = "INSPECTION_WRONG_STATE"
  case inspectionAlreadyOpen = "INSPECTION_ALREADY_OPEN"
  case creditEntryWrongState = "CREDIT_ENTRY_WRONG_STATE"
  case statementPending = "STATEMENT_PENDING"
  case penaltyUnderAge = "PENALTY_UNDER_AGE"
  // The transparency log.
  case treeSizeBeyondLog = "TREE_SIZE_BEYOND_LOG"
  case leafBeyondTree = "LEAF_BEYOND_TREE"
  case logEntrySequencing = "LOG_ENTRY_SEQUENCING"
  case feedNotGranted = "FEED_NOT_GRANTED"
  case faceCheckNeeded = "FACE_CHECK_NEEDED"
  case notLoaded = "NOT_LOADED"
  case certificateSuperseded = "CERTIFICATE_SUPERSEDED"
  case permitNotElectronic = "PERMIT_NOT_ELECTRONIC"
  case paperCharactersMissing = "PAPER_CHARACTERS_MISSING"
  case paperNotRepeatable = "PAPER_NOT_REPEATABLE"
  case personDeceased = "PERSON_DECEASED"
  case hukouInUnit = "HUKOU_IN_UNIT"
  case personNumberChanged = "PERSON_NUMBER_CHANGED"
  case personsConflict = "PERSONS_CONFLICT"
  case importDiffers = "IMPORT_DIFFERS"
  case kindNotOffered = "KIND_NOT_OFFERED"
  case nothingToChange = "NOTHING_TO_CHANGE"
  case personNotFound = "PERSON_NOT_FOUND"
  case erasureNotYet = "ERASURE_NOT_YET"
  case recordErased = "RECORD_ERASED"
  // Integrators.
  case resumeTokenUnknown = "RESUME_TOKEN_UNKNOWN"
  case batchTooLong = "BATCH_TOO_LONG"
  case assentMissing = "ASSENT_MISSING"
  case findingsNotAcknowledged = "FINDINGS_NOT_ACKNOWLEDGED"
  case registrationNotGranted = "REGISTRATION_NOT_GRANTED"
  // Papers of an application.
  case documentNotThere = "DOCUMENT_NOT_THERE"
  case caseFileDamaged = "CASE_FILE_DAMAGED"

  /// The gRPC status it travels under.
  public var code: ServiceError.Code {
    switch self {
    case .callerUnknown, .tokenInvalid, .tokenExpired: .unauthenticated
    case .callerNotAllowed, .officerWrongOffice, .feedNotGranted, .registrationNotGranted:
      .permissionDenied
    case .idempotencyKeyInvalid, .pageInvalid, .formDefective, .materialDefective, .requestInvalid:
      .invalidArgument
    case .overloaded, .lookupsExhausted, .codesExhausted: .resourceExhausted
    case .storeUnavailable, .serviceStopping, .issuingStopped, .logEntrySequencing: .unavailable
    case .uploadTooSlow: .deadlineExceeded
    case .applicationNotFound, .caseNotFound, .permitNotFound, .messageNotFound, .notThereYet,
      .registrationNotFound, .treeHeadNotFound, .logEntryNotFound, .snapshotNotFound,
      .personNotFound, .materialNotFound, .inspectionNotFound:
      .notFound
    case .treeSizeBeyondLog, .leafBeyondTree, .batchTooLong: .outOfRange
    case .caseFileDamaged: .dataLoss
    case .applicationAlreadyOpen, .permitAlreadyLive, .inspectionAlreadyOpen: .alreadyExists
    case .versionStale, .progressOutOfOrder, .uploadNotThereYet: .aborted
    case .idempotencyKeyReused, .applicationWrongState, .caseWrongState, .officerAlreadyInCase,
      .messageNotDead, .caseOfAnotherOfficer, .draftsTooMany, .standingUnknown, .permitWrongState,
      .permitHeld, .endorsementTooEarly, .permitMustConvert, .holdUnknown, .holdsTooMany,
      .permitNotConvertible, .certificateVersionsUsedUp, .endorsementAlreadyPending,
      .registrationEnded, .faceCheckNeeded, .notLoaded, .certificateSuperseded,
      .permitNotElectronic, .paperCharactersMissing, .paperNotRepeatable, .personDeceased,
      .hukouInUnit, .personNumberChanged, .personsConflict, .importDiffers, .policyUnknown,
      .policyNotInForce, .kindNotOffered, .nothingToChange, .erasureNotYet, .recordErased,
      .uploadsTooMany, .resumeTokenUnknown, .assentMissing, .findingsNotAcknowledged,
      .documentNotThere, .caseHeldByAnother, .caseAssignedToAnother, .claimLost, .claimsTooMany,
      .officerMustRecuse, .clockPaused, .clockNotPaused, .pauseNotInPolicy,
      .extensionNotInPolicy, .phoneCodeWrong, .phoneSharedTooOften, .phoneNotProved,
      .caseOnHold, .inspectionWrongState, .statementPending, .penaltyUnderAge,
      .creditEntryWrongState:
      .failedPrecondition
    }
  }

  /// The sentence for English readers.
  public var english: String { self.sentences.english }

  /// The sentence for Chinese readers.
  public var chinese: String { self.sentences.chinese }

  private var sentences: (english: String, chinese: String) {
    switch self {
    case .callerUnknown:
      ("The call does not say who is calling.", "未识别调用方身份。")
    case .callerNotAllowed:
      ("This caller may not call this method.", "该调用方无权调用此方法。")
    case .idempotencyKeyInvalid:
      ("idempotency_key must have 16 to 64 characters.", "幂等键须为16至64个字符。")
    case .idempotencyKeyReused:
      ("idempotency_key was used before with another content.", "幂等键已用于内容不同的请求。")
    case .pageInvalid:
      ("The page size or page token is not valid.", "分页大小或分页标记无效。")
    case .overloaded:
      ("Too much work is waiting; try again later.", "当前待处理事项过多,请稍后重试。")
    case .storeUnavailable:
      ("The data store does not answer; try again later.", "数据存储暂不可用,请稍后重试。")
    case .issuingStopped:
      (
        "The registry signs nothing until its operator has mended it; what it has signed stays good.",
        "登记系统暂停签发,已签发的证照不受影响。"
      )
    case .serviceStopping:
      ("This process is stopping; ask again, another one will answer.", "服务进程正在停止,请重新请求。")
    case .uploadTooSlow:
      ("The material took too long to arrive; upload it again.", "材料上传超时,请重新上传。")
    case .tokenInvalid:
      ("The token is not valid.", "身份令牌无效。")
    case .tokenExpired:
      ("The token has expired; get a new one.", "身份令牌已过期,请重新获取。")
    case .lookupsExhausted:
      ("Too much was asked for that there is not; wait.", "查询不存在的证照次数过多,请稍后再试。")
    case .codesExhausted:
      ("This number was sent as many codes as it may get; wait.", "验证码发送过于频繁,请稍后再试。")
    case .phoneCodeWrong:
      ("The code is wrong or counts no more.", "验证码错误或已失效。")
    case .phoneSharedTooOften:
      ("As many others have proved this number as may share one.", "该手机号码绑定人数已达上限。")
    case .phoneNotProved:
      ("The caller has not proved this number by a code.", "该手机号码尚未经验证码核验。")
    case .policyUnknown:
      ("There is no such version of the region's policy.", "没有该版本的地区政策。")
    case .policyNotInForce:
      ("This version of the region's policy is not in force.", "该版本的地区政策当日未施行。")
    case .kindNotOffered:
      ("The region does not offer this kind of application in this channel.", "本地区未在该渠道开通此类申请。")
    case .nothingToChange:
      (
        "Nothing is on record that this application could be about.",
        "未查到可办理此事项的居住登记或居住证。"
      )
    case .applicationNotFound:
      ("There is no such application.", "未找到该申请。")
    case .caseNotFound:
      ("There is no such case.", "未找到该案件。")
    case .permitNotFound:
      ("There is no such permit.", "未找到该居住证。")
    case .messageNotFound:
      ("There is no such message.", "未找到该短信。")
    case .notThereYet:
      ("It was not there yet at the instant that was asked for.", "所查询的时点该记录尚不存在。")
    case .registrationNotFound:
      ("There is no such registration.", "未找到该居住登记。")
    case .formDefective:
      ("The application has defects; every one is listed.", "申请存在缺陷,已一次性全部列明。")
    case .materialDefective:
      ("The material has defects; every one is listed.", "材料存在缺陷,已一次性全部列明。")
    case .requestInvalid:
      ("The request breaks rules; every one is listed.", "请求不符合规则,已一次性全部列明。")
    case .applicationWrongState:
      ("The application's state does not allow this.", "申请当前状态不允许此操作。")
    case .applicationAlreadyOpen:
      (
        "The person has an application in progress that this one cannot stand beside.",
        "该申请人已有与此冲突的在办申请。"
      )
    case .progressOutOfOrder:
      ("Steps of this case that came before are missing.", "缺少该案件之前的办理进度。")
    case .caseWrongState:
      ("The case's state does not allow this.", "案件当前状态不允许此操作。")
    case .versionStale:
      ("It was changed meanwhile; read it again.", "内容已被更新,请重新读取。")
    case .officerWrongOffice:
      ("The officer's role or office has no say in this.", "该民警的岗位或单位无权办理此事项。")
    case .officerAlreadyInCase:
      ("The three opinions of a case come from three different officers.", "受理、审核、审批须由三名不同民警签署。")
    case .permitAlreadyLive:
      ("This person already holds a live permit.", "该人员已持有有效居住证。")
    case .messageNotDead:
      ("The message is not a dead letter.", "该短信不在死信队列中。")
    case .caseOfAnotherOfficer:
      ("The case went back to the officer who approved it.", "案件已退回原审批人,由其处理。")
    case .draftsTooMany:
      ("There are as many drafts of this kind as one caller may have.", "此类草稿数量已达上限。")
    case .standingUnknown:
      ("The records of that instant do not say how it stood.", "该时点的记录未载明当时状态。")
    case .permitWrongState:
      ("The permit's state does not allow this.", "居住证当前状态不允许此操作。")
    case .permitHeld:
      ("A court order holds the permit.", "该居住证被司法文书限制办理。")
    case .endorsementTooEarly:
      ("The endorsement window is not open yet.", "尚未到签注办理期限。")
    case .permitMustConvert:
      (
        "The residence lies outside of the unit that issued the permit: it is to be converted.",
        "现居住地超出原签发地范围,应办理互认转换。"
      )
    case .holdUnknown:
      ("No such order holds the permit or the case.", "该居住证或者案件无此限制文书。")
    case .permitNotConvertible:
      (
        "There is no permit of another unit to convert.",
        "没有可供互认转换的其他签发地居住证。"
      )
    case .endorsementAlreadyPending:
      ("Another application for endorsement is in progress.", "已有在办的签注申请。")
    case .certificateVersionsUsedUp:
      ("The certificate was made anew as often as its identifier can say.", "电子证照版本号已用尽。")
    case .personDeceased:
      ("This person is on record as deceased.", "该人员已登记死亡。")
    case .hukouInUnit:
      ("This person's hukou lies in the unit of the residence.", "该人员户口已在居住地。")
    case .personNumberChanged:
      ("This person has another citizen identity number by now.", "该人员的公民身份号码已变更。")
    case .personsConflict:
      (
        "Two persons are on record who would be one; nothing was changed.",
        "两个号码各有一人在册,须人工核实,未作任何变更。"
      )
    case .importDiffers:
      ("It was imported before, saying something else.", "该证件此前已导入,内容不一致。")
    case .registrationEnded:
      ("The registration is no longer in force.", "该居住登记已终止。")
    case .treeHeadNotFound:
      ("The log has no signed head of this size.", "透明日志没有该大小的已签名树头。")
    case .logEntryNotFound:
      ("The log has no such entry.", "透明日志中没有该条目。")
    case .snapshotNotFound:
      (
        "This snapshot is not kept any more: begin again with the newest.",
        "该吊销快照已不再保存,请从最新快照重新获取。"
      )
    case .treeSizeBeyondLog:
      ("The log does not have so many leaves.", "透明日志尚无如此多的条目。")
    case .leafBeyondTree:
      ("The entry came after the head of this size.", "该条目晚于此大小的树头。")
    case .logEntrySequencing:
      ("The entry waits for its leaf; ask again in a second.", "该条目正在排序,请稍后重试。")
    case .feedNotGranted:
      ("This caller may not watch the changes.", "该调用方未获准订阅变更。")
    case .faceCheckNeeded:
      ("The holder's face must be checked just before.", "须先完成人脸识别。")
    case .notLoaded:
      ("The holder has not loaded the permit yet.", "居住证尚未加载到“我的证照”。")
    case .certificateSuperseded:
      ("Another certificate has taken this one's place.", "该证照已换发新版,请使用新证照。")
    case .permitNotElectronic:
      ("The permit has no electronic certificate yet.", "该居住证尚无电子证照,签注或换发后生成。")
    case .paperCharactersMissing:
      ("No font shows a character that the paper must have.", "字库缺少所需汉字,无法打印。")
    case .paperNotRepeatable:
      (
        "This paper cannot be made again byte for byte; print a new one under another key.",
        "无法重新生成与原件完全一致的文件,请用新的幂等键重新打印。"
      )
    case .personNotFound:
      ("Nothing is kept about such a person.", "未保存该人员的任何信息。")
    case .erasureNotYet:
      (
        "It must still be kept; everything that stands against erasing it is listed.",
        "尚须保存,不予删除的情形已一次性全部列明。"
      )
    case .recordErased:
      ("The person was erased: days and states are all that is left.", "该人员信息已依法删除,仅存日期与状态。")
    case .materialNotFound:
      ("This application has no such material, or its bytes are lost.", "本申请没有该材料,或其内容已丢失。")
    case .uploadNotThereYet:
      (
        "The upload has come elsewhere; go on at its byte received_bytes.",
        "上传进度不一致,请从received_bytes处续传。"
      )
    case .uploadsTooMany:
      ("As many materials are uploaded as one may have.", "已上传材料的数量或总量达到上限。")
    case .caseHeldByAnother:
      ("Another officer holds the case.", "该案件正由其他民警办理。")
    case .caseAssignedToAnother:
      ("The office's head has given the case to another officer.", "该案件已由单位负责人指派其他民警办理。")
    case .claimLost:
      ("The claim is over; claim the case again.", "认领已失效,请重新认领。")
    case .claimsTooMany:
      ("The officer holds as many cases as one may.", "同时认领的案件数量已达上限。")
    case .officerMustRecuse:
      ("The case is about the officer or a relative, who must keep out of it.", "案件涉及本人或近亲属,应当回避。")
    case .batchTooLong:
      ("A batch has no more rows in one stream; begin another stream.", "单次批量提交的行数已达上限,请另起一次提交。")
    case .assentMissing:
      ("The person's own recorded assent is missing.", "缺少本人同意的记录。")
    case .findingsNotAcknowledged:
      ("A rule of eligibility is not met, and nobody acknowledged it.", "不符合申领条件且未确认继续提交。")
    case .registrationNotGranted:
      ("This caller may not take declarations of residence in batches.", "该调用方未获准批量申报居住登记。")
    case .documentNotThere:
      ("The application has no such paper, or none yet.", "该申请没有此文书,或者尚未形成。")
    case .caseFileDamaged:
      ("The file is not as it was sealed when the application ended.", "案卷内容与封存时不一致。")
    case .resumeTokenUnknown:
      (
        "The resume token names nothing of this caller's; begin again with an empty one.",
        "续传标记无效,请以空标记重新订阅。"
      )
    case .clockPaused:
      ("The clocks stand still for a hearing or an appraisal.", "因听证或者鉴定,办理期限已暂停计算。")
    case .inspectionNotFound:
      ("No such inspection.", "未找到该核查。")
    case .inspectionWrongState:
      ("The inspection's state does not allow this.", "核查当前状态不允许此操作。")
    case .inspectionAlreadyOpen:
      ("An inspection of this case is not over yet.", "该案件的核查尚未结束。")
    case .creditEntryWrongState:
      ("Nothing is recorded of this inspection, or not any more.", "该核查没有不良信息记录,或者记录已失效。")
    case .statementPending:
      (
        "The holder has not spoken yet, and his term for it runs.",
        "持证人尚未陈述、申辩,且期限未满。"
      )
    case .penaltyUnderAge:
      ("No penalty is imposed for what somebody did under 14.", "行为时不满十四周岁的,不予行政处罚。")
    case .caseOnHold:
      ("A court's order holds the case.", "案件已依人民法院裁定中止办理。")
    case .clockNotPaused:
      ("The clocks are not stopped.", "办理期限未暂停计算。")
    case .pauseNotInPolicy:
      ("The policy's list of pauses has this one not.", "政策规定的暂停情形不含此项。")
    case .extensionNotInPolicy:
      (
        "No local rule extends the statute here, or not so far.",
        "当地没有延长法定期限的规定,或者超出其限度。"
      )
    case .holdsTooMany:
      ("As many orders hold it as may hold one permit or case.", "限制文书数量已达上限。")
    }
  }
}
