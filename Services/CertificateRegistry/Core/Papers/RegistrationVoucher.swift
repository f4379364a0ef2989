import Documents
import DomainModel
import Papers

/// 居住登记凭证: given on a registration and on its change; says who, where, which authority and
/// when (Hangzhou detail rules, Art. 13).
struct RegistrationVoucher: Hashable, Sendable {
  /// What was done.
  enum Kind: Hashable, Sendable, CaseIterable {
    /// 居住登记
    case registration
    /// 变更登记
    case change
  }

  /// The voucher's own number.
  var number: String
  var kind: Kind
  var holder: PaperHolder
  /// 居住地住址, in full and by name.
  var residence: String
  /// 申报日: the half year runs from it (Zhejiang Regulation, Art. 16).
  var declaredOn: CivilDate
  /// Whether a change was declared after its ten days (Art. 13): said, not refused.
  var isLate: Bool
  /// The office that registered, its full name.
  var office: String
  /// The text of its seal, `…户口专用章`.
  var seal: String
  /// When the office recorded it.
  var registeredAt: Timestamp
}

extension RegistrationVoucher {
  private static let value = PaperStyles.value.with(\.points, 11)

  /// The voucher, one page of A5 lying. Throws `DocumentError` for a seal out of bounds.
  func document() throws(DocumentError) -> Document {
    let seal = try Seal(text: self.seal, purposes: [PaperLabels.sealPurpose])
    return Document(
      title: PaperLabels.voucher, page: .a5Lying,
      frames: [
        PaperStyles.onePage(
          .a5Lying,
          [
            .text(PaperLabels.voucher, PaperStyles.title.with(\.points, 20).with(\.leading, 1.2)),
            .text("\(PaperLabels.number)：\(self.number)", PaperStyles.number),
            .space(0.6),
            .table(Table(columns: [36, 33, 28, 53, 28], rows: self.rows)),
            .space(2),
            self.foot(seal),
          ])
      ])
  }

  private var rows: [Table.Row] {
    let holder = self.holder
    let span = holder.photo == nil ? 2 : 1
    var first = [
      PaperStyles.label(PaperLabels.name),
      PaperStyles.value(holder.name, over: span + 2, Self.value),
    ]
    if let photo = holder.photo {
      let size = Size(width: 24, height: 29.5)
      first.append(Table.Cell([.figure(.picture(photo, size), .centre)], rowSpan: 4))
    }
    return [
      Table.Row(first, height: 8),
      self.row(PaperLabels.sex, holder.sex.chinese, PaperLabels.ethnicity, holder.ethnicity, span),
      self.row(
        PaperLabels.birth, holder.birthOn.chinese, PaperLabels.citizenID, holder.citizenID, span),
      self.row(
        PaperLabels.registrationKind, self.kind.label, PaperLabels.declaredOn,
        self.declaredOn.chinese + (self.isLate ? PaperLabels.late : ""), span),
      self.row(PaperLabels.household, holder.household),
      self.row(PaperLabels.residence, self.residence),
      self.row(PaperLabels.registrar, self.office),
    ]
  }

  private func row(_ label: String, _ value: String) -> Table.Row {
    Table.Row(
      [PaperStyles.label(label), PaperStyles.value(value, over: 4, Self.value)], height: 8)
  }

  private func row(
    _ first: String, _ value: String, _ second: String, _ other: String, _ span: Int
  ) -> Table.Row {
    Table.Row(
      [
        PaperStyles.label(first), PaperStyles.value(value, over: 1, Self.value),
        PaperStyles.label(second), PaperStyles.value(other, over: span, Self.value),
      ], height: 8)
  }

  private func foot(_ seal: Seal) -> Block {
    let prose = PaperStyles.prose.with(\.points, 10.5).with(\.leading, 1.45)
    let words: [Block] = [
      .text(PaperSentences.registration, prose), .text(PaperSentences.change, prose),
      .space(2),
    ]
    let signed = Block.stamped(
      [
        .space(9),
        .text(self.office, PaperStyles.office.with(\.points, 11)),
        .text(
          CivilDate(of: self.registeredAt).chinese, PaperStyles.office.with(\.points, 11)),
        .space(9),
      ], .seal(seal, diameter: 36), at: Block.Place(x: 0.5, y: 0.5))
    return .together([
      .columns([Column(98, words, vertical: .middle), Column(72, [signed])], gap: 6)
    ])
  }
}

extension RegistrationVoucher.Kind {
  /// As the voucher writes it.
  var label: String {
    switch self {
    case .registration: "居住登记"
    case .change: "变更登记"
    }
  }
}
