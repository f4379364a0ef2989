import Documents
import DomainModel
import Papers

/// The filled form: 《浙江省居住证》互认转换申请表 and its siblings, with the fields and boxes of the paper one
/// (遂昌 2023, annex 1) and the officers' opinions as far as they are known.
struct FormPaper: Sendable {
  let facts: PaperFacts
  /// What proves a condition for the kind; nothing where it asks for no claims.
  let claims: [Condition: Set<EvidenceKind>]
  /// Which opinions the kind asks for.
  let stages: [SignedOpinion.Stage]

  private var input: FormInput { self.facts.input }

  /// One page of A4.
  func document() -> Document {
    let title = self.facts.application.kind.formTitle(self.facts.permit)
    return Document(
      title: title,
      frames: [
        PaperStyles.onePage(
          .a4,
          [
            .text(title, PaperStyles.title.with(\.points, 20)),
            .space(2),
            .text("\(PaperWords.number)：\(self.facts.number)", PaperStyles.number),
            .space(1),
            .table(Table(columns: [27] + Array(repeating: 7.5, count: 18), rows: self.rows)),
          ])
      ],
      footer: Footer(PaperWords.footer, style: PaperStyles.footer))
  }

  private var rows: [Table.Row] {
    self.personRows + self.matterRows + self.evidenceRows + self.declarationRows
      + self.opinionRows + [self.row(PaperWords.remark, PaperWords.remarkText)]
  }

  /// A label and what stands right of it, to the edge.
  private func row(_ label: String, _ text: String, height: Double = 9) -> Table.Row {
    Table.Row(
      [PaperStyles.label(label), PaperStyles.value(text, over: 18, PaperStyles.smallValue)],
      height: height)
  }

  private var personRows: [Table.Row] {
    let applicant = self.input.applicant
    let digits = Array(applicant.citizenID).map(String.init).prefix(18)
    let boxes = digits + Array(repeating: "", count: 18 - digits.count)
    let small = PaperStyles.smallValue
    var rows = [
      Table.Row(
        [PaperStyles.label(PaperWords.citizenID)]
          + boxes.map { PaperStyles.value($0, small.with(\.alignment, .centre)) },
        height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperWords.name), PaperStyles.value(applicant.name, over: 7),
          PaperStyles.label(PaperWords.sex, over: 2), PaperStyles.value(self.facts.sex, over: 3),
          PaperStyles.label(PaperWords.ethnicity, over: 2),
          PaperStyles.value(self.facts.ethnicity, over: 4),
        ], height: 10),
      Table.Row(
        [
          PaperStyles.label(PaperWords.householdPlace),
          PaperStyles.value(self.facts.place(applicant.household), over: 6, small),
          PaperStyles.label(PaperWords.householdDetail, over: 3),
          PaperStyles.value(self.facts.detail(applicant.household), over: 9, small),
        ], height: 11),
    ]
    if self.input.residence != AddressInput() {
      rows.append(
        self.row(PaperWords.residence, self.facts.inFull(self.input.residence), height: 11))
    }
    if !self.input.phone.isEmpty || !self.input.workplace.isEmpty {
      rows.append(
        Table.Row(
          [
            PaperStyles.label(PaperWords.phone),
            PaperStyles.value(self.input.phone, over: 6, small),
            PaperStyles.label(PaperWords.workplace, over: 3),
            PaperStyles.value(self.input.workplace, over: 9, small),
          ], height: 9))
    }
    if let guardian = self.input.guardian {
      rows.append(self.row(PaperWords.guardian, "\(guardian.name)　\(guardian.citizenID)"))
    }
    if let proxy = self.input.proxy {
      rows.append(self.row(PaperWords.proxy, "\(proxy.name)　\(proxy.citizenID)"))
    }
    return rows
  }

  /// 互认类型 of a conversion; what is applied for, of the others.
  private var matterRows: [Table.Row] {
    let kind = self.facts.application.kind
    guard kind == .conversionByPermit || kind == .conversionByRegistration else {
      return [self.row(PaperWords.matter, self.facts.matter)]
    }
    let boxes = [
      CheckBox("现有证件互认", isTicked: kind == .conversionByPermit),
      CheckBox("居住登记时间互认", isTicked: kind == .conversionByRegistration),
    ]
    return [
      Table.Row(
        [
          PaperStyles.label(PaperWords.conversion),
          Table.Cell([.checkBoxes(boxes, PaperStyles.value)], columnSpan: 18),
        ], height: 10)
    ]
  }

  private var evidenceRows: [Table.Row] {
    if self.claims.isEmpty { return [] }
    return FormEvidence(claims: self.claims, input: self.input).rows
  }

  private var declarationRows: [Table.Row] {
    let kind = self.facts.application.kind
    var rows: [Table.Row] = []
    if kind == .conversionByPermit || kind == .conversionByRegistration {
      rows.append(
        self.row(PaperWords.note, PaperWords.conversionNote(self.facts.permit), height: 12))
    }
    // 告知承诺 was given by assent, and that is the signature.
    let assentedAt = self.facts.application.commitment?.assentedAt
    let signer =
      self.input.guardian?.name ?? self.input.proxy?.name ?? self.input.applicant.name
    let signature =
      assentedAt.map {
        "申请人签名：\(signer)（告知承诺）　　\(CivilDate(of: $0).chinese)"
      } ?? "申请人签名：　　　　　　　　　　年　　月　　日"
    rows.append(
      Table.Row(
        [
          PaperStyles.label(PaperWords.declaration),
          Table.Cell(
            [
              .text(PaperWords.declarationText, PaperStyles.smallValue.with(\.indent, 2)),
              .text(signature, PaperStyles.smallValue.with(\.alignment, .right)),
            ], columnSpan: 18),
        ], height: 18))
    return rows
  }

  private var opinionRows: [Table.Row] {
    self.stages.enumerated().map { index, stage in
      var cells: [Table.Cell] = []
      if index == 0 {
        let label = Table.Cell(
          [.text(PaperWords.opinions, PaperStyles.label)], rowSpan: self.stages.count,
          fill: PaperStyles.shade)
        cells.append(label)
      }
      let opinion = self.facts.application.opinions.last { $0.stage == stage }
      let small = PaperStyles.smallValue
      cells.append(
        Table.Cell(
          [
            .text("\(stage.label)意见：\(opinion?.decision.label ?? "")", small),
            .text(
              opinion.map {
                "警号：\($0.officerID)　\($0.officeCode)　\(CivilDate(of: $0.signedAt).chinese)"
              } ?? "年　　月　　日", small.with(\.alignment, .right)),
          ], columnSpan: 18))
      return Table.Row(cells, height: 15)
    }
  }
}

extension SignedOpinion.Stage {
  /// Who signs it, as the form says.
  var label: String {
    switch self {
    case .accept: "受理人"
    case .review: "审核人"
    case .approve: "审批人"
    case .confirm: "确认人"
    }
  }
}

extension SignedOpinion.Decision {
  /// As the form says it.
  var label: String {
    switch self {
    case .pass: "同意"
    case .refuse: "不同意"
    case .supplement: "需要补正"
    }
  }
}
