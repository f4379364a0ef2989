/// What a region's policy says of one kind of application: who may apply by which channel, with
/// what form and materials, by which rules, and who decides in what time.
public struct KindPolicy: Hashable, Sendable {
  /// When a field or a material is asked for.
  public enum Need: String, Hashable, Sendable, CaseIterable {
    /// Always.
    case required
    /// Never; it may be given.
    case optional
    /// Of a person under the age at which a guardian applies, and not wanted of others.
    case minor
    /// Evidence alone: one material for each kind of evidence that the form claims.
    case claimed
    /// Unless the applicant's own face has just been checked at his login.
    case unlessFaceChecked = "unless_face_checked"
  }

  /// A material and when it is asked for.
  public struct MaterialRule: Hashable, Sendable {
    /// What it is.
    public let material: MaterialKind
    /// When it is asked for.
    public let need: Need
    /// The channels in which it is.
    public let channels: Set<ApplicationChannel>
    /// The article or page it rests on.
    public let ground: String
  }

  /// A condition that can be claimed.
  public struct ConditionRule: Hashable, Sendable {
    /// Which.
    public let condition: Condition
    /// What proves it here.
    public let evidence: Set<EvidenceKind>
    /// The article or page it rests on.
    public let ground: String
  }

  /// A rule of eligibility that the kind asks for.
  public struct RuleUse: Hashable, Sendable {
    /// Which.
    public let rule: EligibilityRule
    /// The condition that lifts it, once its evidence has been uploaded.
    public let waivedBy: Condition?
    /// The article or page it rests on; it stands in the finding.
    public let ground: String
  }

  /// What it costs.
  public struct Fee: Hashable, Sendable {
    /// In hundredths of a yuan.
    public let fen: Int
    /// The article or page it rests on.
    public let ground: String
  }

  /// What it is of.
  public let kind: ApplicationKind
  /// The channels in which it is offered.
  public let channels: Set<ApplicationChannel>
  /// The form; a field that is not here is not wanted.
  public internal(set) var fields: [FormField: Need] = [:]
  /// What is uploaded, in the order of the file.
  public internal(set) var materials: [MaterialRule] = []
  /// What can be claimed, in the order of the file.
  public internal(set) var conditions: [ConditionRule] = []
  /// The rules of eligibility, in the order of the catalogue.
  public internal(set) var rules: [RuleUse] = []
  /// The way through the offices, in order; none where it takes effect at once.
  public internal(set) var stages: [CaseStage] = []
  /// The terms that differ from the region's own.
  var clocks: [CaseClock: Int] = [:]
  /// Who may act for the applicant.
  public internal(set) var proxies: Set<ActingCapacity> = []
  /// What to look at where this kind is not open to a person, the first choice first.
  public internal(set) var instead: [ApplicationKind] = []
  /// What it costs; nil where no text that was read says so.
  public internal(set) var fee: Fee?
  /// The article or page that each line rests on, by `section word`, such as `field phone`.
  public internal(set) var grounds: [String: String] = [:]

  init(kind: ApplicationKind, channels: Set<ApplicationChannel>) {
    self.kind = kind
    self.channels = channels
  }

  /// When a field is asked for; nil where it is not wanted.
  public func need(of field: FormField) -> Need? { self.fields[field] }

  /// What proves a condition here; nil where the condition cannot be claimed.
  public func evidence(of condition: Condition) -> Set<EvidenceKind>? {
    self.conditions.first { $0.condition == condition }?.evidence
  }

  /// Whether a material is ever taken.
  public func takes(_ material: MaterialKind) -> Bool {
    self.materials.contains { $0.material == material }
  }

  /// When a material is asked for in a channel; nil where it is not.
  public func need(of material: MaterialKind, by channel: ApplicationChannel) -> Need? {
    self.materials.first { $0.material == material && $0.channels.contains(channel) }?.need
  }

  /// Whether three officers decide: the way of a case.
  public var isDecided: Bool { self.signedStages == [.accept, .review, .approve] }

  /// The stages that officers sign, in order.
  public var signedStages: [CaseStage.Step] {
    self.stages.map(\.step).filter(\.isSigned)
  }
}

/// One stage of a kind's way through the offices.
public struct CaseStage: Hashable, Sendable {
  /// What is done.
  public enum Step: String, Hashable, Sendable, CaseIterable {
    /// 转递: the papers go to the office that reviews.
    case forward
    /// 受理
    case accept
    /// 审核
    case review
    /// 审批
    case approve
    /// One officer confirms, where three opinions are not asked for.
    case confirm
    /// 制证: the card is made.
    case make
    /// 通知领证
    case notify

    /// Whether an officer signs it.
    public var isSigned: Bool {
      switch self {
      case .accept, .review, .approve, .confirm: true
      case .forward, .make, .notify: false
      }
    }
  }

  /// What is done.
  public let step: Step
  /// Where.
  public let offices: Set<Office.Kind>
  /// Within how many working days; nil where only the kind's terms bound it.
  public let workingDays: Int?
  /// The article or page it rests on.
  public let ground: String
}

/// The terms that run on a case.
public enum CaseClock: String, Hashable, Sendable, CaseIterable {
  /// Working days from receipt to acceptance or once-only notice.
  case guarding = "guard"
  /// Working days from receipt after which the office is warned.
  case warning
  /// Working days from acceptance to the outcome (承诺期限).
  case promise
  /// Calendar days from acceptance to the outcome (法定期限).
  case statute
}
