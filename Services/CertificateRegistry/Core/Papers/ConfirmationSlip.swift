import Documents
import DomainModel
import Papers

/// 《浙江省居住证确认单》: the stamped paper for a holder without a phone, printed at the residence
/// station (Zhoushan 2022, parts 2.3 and 2.4).
struct ConfirmationSlip: Hashable, Sendable {
  /// The slip's own number.
  var number: String
  var holder: PaperHolder
  var permit: PaperPermit
  /// Which paper was shown for it.
  var shown: SlipPaper
  /// nil if the holder came.
  var entrusted: EntrustedPerson?
  /// The officer's own number (警号), not his name.
  var officerNumber: String
  /// The station that prints it, its full name.
  var station: String
  /// The text of its seal, `…户口专用章`.
  var seal: String
  /// What the code says, as somebody else signed it.
  var codeText: String
  var printedAt: Timestamp
}

extension ConfirmationSlip {
  /// The slip, one page of A4. Throws `DocumentError` for a seal or a code out of bounds.
  func document() throws(DocumentError) -> Document {
    let code = try QRCode(self.codeText, correction: .medium)
    let seal = try Seal(text: self.seal, purposes: [PaperLabels.sealPurpose])
    return Document(
      title: PaperLabels.slip,
      frames: [
        PaperStyles.onePage(
          .a4,
          [
            .text(PaperLabels.slip, PaperStyles.title),
            .space(3),
            .text("\(PaperLabels.number)：\(self.number)", PaperStyles.number),
            .space(1),
            .table(self.table),
            .space(4),
          ] + self.sentences + [.space(4), self.foot(code, seal)])
      ],
      footer: Footer(PaperLabels.footer, style: PaperStyles.footer))
  }

  private var table: Table {
    Table(
      columns: [36, 38, 26, 32, 30], rows: self.holderRows + self.permitRows + self.counterRows)
  }

  /// The photo stands right of the first four rows; without one they reach to the edge.
  private var holderRows: [Table.Row] {
    let holder = self.holder
    let span = holder.photo == nil ? 4 : 3
    var first = [PaperStyles.label(PaperLabels.name), PaperStyles.value(holder.name, over: span)]
    if let photo = holder.photo {
      first.append(
        Table.Cell([.figure(.picture(photo, PaperStyles.photo), .centre)], rowSpan: 4))
    }
    return [
      Table.Row(first, height: 10),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.sex), PaperStyles.value(holder.sex.chinese),
          PaperStyles.label(PaperLabels.ethnicity),
          PaperStyles.value(holder.ethnicity, over: span - 2),
        ], height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.birth),
          PaperStyles.value(holder.birthOn.chinese, over: span),
        ], height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.citizenID), PaperStyles.value(holder.citizenID, over: span),
        ], height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.household), PaperStyles.value(holder.household, over: 4),
        ], height: 12),
    ]
  }

  private var permitRows: [Table.Row] {
    let permit = self.permit
    var status = PaperStyles.value
    if case .suspended = permit.status {
      status = status.with(\.colour, PaperStyles.warning).with(\.isBold, true)
    }
    return [
      Table.Row(
        [
          PaperStyles.label(PaperLabels.residence), PaperStyles.value(permit.residence, over: 4),
        ], height: 12),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.certificateIdentifier),
          PaperStyles.value(permit.certificateIdentifier, over: 4, PaperStyles.smallValue),
        ], height: 9),
      Table.Row(
        [PaperStyles.label(PaperLabels.bureau), PaperStyles.value(permit.bureau, over: 4)],
        height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.issuedOn),
          PaperStyles.value(permit.term.issuedOn.chinese),
          PaperStyles.label(PaperLabels.validTo),
          PaperStyles.value(permit.term.validToOn.chinese, over: 2),
        ], height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.status),
          PaperStyles.value(permit.status.label, over: 4, status),
        ], height: 9),
    ]
  }

  private var counterRows: [Table.Row] {
    let boxes = SlipPaper.allCases.map { CheckBox($0.label, isTicked: $0 == self.shown) }
    var who: [Block] = [
      .checkBoxes(
        [
          CheckBox(PaperLabels.holderSelf, isTicked: self.entrusted == nil),
          CheckBox(PaperLabels.entrusted, isTicked: self.entrusted != nil),
        ], PaperStyles.value)
    ]
    if let entrusted = self.entrusted {
      let number = Masking.middle(of: entrusted.citizenID, keepingFirst: 1, last: 2)
      who.append(
        .text(
          "\(PaperLabels.entrusted)\(PaperLabels.name)：\(entrusted.name)　"
            + "\(PaperLabels.citizenID)：\(number)",
          PaperStyles.smallValue))
    }
    return [
      Table.Row(
        [
          PaperStyles.label(PaperLabels.shown),
          Table.Cell([.checkBoxes(boxes, PaperStyles.value)], columnSpan: 4),
        ], height: 9),
      Table.Row(
        [PaperStyles.label(PaperLabels.collectedBy), Table.Cell(who, columnSpan: 4)], height: 9),
      Table.Row(
        [
          PaperStyles.label(PaperLabels.clerk), PaperStyles.value(self.officerNumber),
          PaperStyles.label(PaperLabels.printedAt),
          PaperStyles.value(self.printedAt.shanghaiText, over: 2),
        ], height: 9),
    ]
  }

  private var sentences: [Block] {
    let permit = PaperLabels.permit
    if case .suspended(let since) = self.permit.status {
      let prose = PaperStyles.prose.with(\.colour, PaperStyles.warning).with(\.isBold, true)
      return [.text(PaperSentences.suspension(of: permit, since: since.chinese), prose)]
    }
    return [
      .text(PaperSentences.confirmation(of: permit), PaperStyles.prose),
      .text(PaperSentences.endorsement, PaperStyles.prose),
    ]
  }

  /// The code on the left; on the right station and day under the seal.
  private func foot(_ code: QRCode, _ seal: Seal) -> Block {
    let scan = Column(
      38,
      [
        .figure(.code(code, side: max(36, code.sideMin)), .centre),
        .text(PaperLabels.scan, PaperStyles.caption),
      ])
    let signed = Block.stamped(
      [
        .space(8),
        .text(self.station, PaperStyles.office),
        .text(CivilDate(of: self.printedAt).chinese, PaperStyles.office),
        .space(8),
      ], .seal(seal, diameter: PaperStyles.sealDiameter), at: Block.Place(x: 0.56, y: 0.56))
    return .together([
      .columns([scan, Column(104, [signed], vertical: .middle)], gap: 6),
      .space(2),
      .text(
        PaperSentences.verification,
        PaperStyles.caption.with(\.typeface, .song).with(\.alignment, .left)),
    ])
  }
}

extension SlipPaper {
  /// As the slip writes it.
  var label: String {
    switch self {
    case .identityCard: "居民身份证"
    case .householdBook: "居民户口簿"
    case .electronicPermit: "电子居住证"
    }
  }
}
