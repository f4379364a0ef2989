import Documents
import DomainModel
import Papers

/// 证明材料: the boxes of the paper form, ticked as the form claims; only those that the kind takes.
struct FormEvidence: Sendable {
  let claims: [Condition: Set<EvidenceKind>]
  let input: FormInput

  private static let rentals: [EvidenceKind] = [
    .rentalRegistration, .leaseFiling, .leaseContract, .rentalSafety, .rentalTaxes, .rentalOther,
  ]

  /// The conditions side by side, and the talents' below, where they can be claimed.
  var rows: [Table.Row] {
    let columns: [(Condition, String, Int)] = [
      (.employment, "合法稳定就业", 6), (.dwelling, "合法稳定住所", 7), (.study, "连续就读", 5),
    ]
    var rows = [
      Table.Row(
        [
          Table.Cell(
            [.text(PaperWords.evidence, PaperStyles.label)], rowSpan: 2, fill: PaperStyles.shade)
        ] + columns.map { PaperStyles.label($0.1, over: $0.2) }, height: 8),
      Table.Row(
        columns.map { Table.Cell(self.boxes(of: $0.0), columnSpan: $0.2, vertical: .top) }),
    ]
    if self.claims[.talent] != nil {
      rows.append(
        Table.Row(
          [
            PaperStyles.label("投资创业引进人才"),
            Table.Cell(
              [.checkBoxes(self.kinds(of: .talent).map(self.box), PaperStyles.smallValue)],
              columnSpan: 18),
          ], height: 8))
    }
    return rows
  }

  private func kinds(of condition: Condition) -> [EvidenceKind] {
    EvidenceKind.allCases.filter { self.claims[condition]?.contains($0) == true }
  }

  /// One box a line; those of a rented house under its own line.
  private func boxes(of condition: Condition) -> [Block] {
    let kinds = self.kinds(of: condition)
    let style = PaperStyles.smallValue
    var blocks: [Block] = []
    for kind in kinds where !Self.rentals.contains(kind) {
      blocks.append(.checkBoxes([self.box(kind)], style))
    }
    let rented = kinds.filter(Self.rentals.contains)
    if !rented.isEmpty {
      blocks.append(.text("居住出租房屋：", style))
      blocks += rented.map { .checkBoxes([self.box($0)], style) }
    }
    return blocks
  }

  private func box(_ kind: EvidenceKind) -> CheckBox {
    let isTicked = self.input.claims.contains { claim in
      claim.condition.value == kind.condition && claim.evidence.contains { $0.value == kind }
    }
    return CheckBox(kind.label, isTicked: isTicked)
  }
}

extension EvidenceKind {
  /// As the paper form writes it.
  var label: String {
    switch self {
    case .labourContract: "签订劳动合同"
    case .agriculturalContract: "签订农业承包合同"
    case .socialInsurance: "参加社会保险"
    case .businessLicence: "持有工商执照"
    case .employmentOther, .rentalOther, .dwellingOther: "其他"
    case .ownHouse: "自购房屋"
    case .unitDormitory: "单位内部宿舍"
    case .rentalRegistration: "办理出租登记"
    case .leaseFiling: "办理租赁登记备案"
    case .leaseContract: "签订租赁合同"
    case .rentalSafety: "符合安全条件"
    case .rentalTaxes: "依法缴纳税费"
    case .primarySchool: "小学学籍证明"
    case .secondarySchool: "中学学籍证明"
    case .vocationalSchool: "中高等职业学校学籍证明"
    case .university: "普通高等学校学籍证明"
    case .talentRecognition: "人才认定文件"
    case .talentList: "县级以上人民政府名单"
    }
  }
}

extension MaterialSlot {
  /// As receipts list it.
  var label: String {
    switch self.kind {
    case .idCard: "居民身份证"
    case .photo: "本人相片"
    case .evidence: self.evidence?.label ?? ""
    case .guardianIDCard: "监护人居民身份证"
    case .guardianshipProof: "监护关系证明"
    case .kinshipCommitment: "亲属关系承诺书"
    case .correctionProof: "更正证明"
    }
  }
}
