import DomainModel

/// The receipts, notices and decisions that there are of an application.
extension PaperFacts {
  /// Nil where the application has no such paper, or none yet; the form is made elsewhere.
  func notice(_ kind: PaperKind) -> NoticePaper? {
    switch kind {
    case .receipt: self.receipt
    case .acceptance: self.application.acceptance.map(self.acceptance)
    case .notice(let round):
      self.application.notices.last { round == nil || $0.round == round }.map(self.supplement)
    case .nonAcceptance where self.application.state == .notAccepted:
      self.application.refusal.map { self.decision($0, "不予受理决定书", "决定不予受理") }
    case .refusal where self.application.state == .refused:
      self.application.refusal.map { self.decision($0, "不予通过决定书", "决定不予通过") }
    case .cancellation where self.application.kind == .cancellation:
      self.application.completion.map(self.cancellation)
    case .kinship: self.input.kinship.flatMap(self.kinship)
    case .form, .nonAcceptance, .refusal, .cancellation: nil
    }
  }

  private var addressee: String { self.input.applicant.name }

  /// “你于…提交的…申请”, as every paper begins.
  private var submission: String {
    "你于\(CivilDate(of: self.submittedAt).chinese)提交的\(self.matter)申请"
      + "（\(PaperWords.number)\(self.number)）"
  }

  private func paper(
    _ title: String, _ body: [NoticePaper.Part], by office: SignedOffice, at instant: Timestamp
  ) -> NoticePaper {
    NoticePaper(
      title: title, number: self.number, addressee: self.addressee, body: body, office: office,
      at: instant)
  }

  /// 亲属关系承诺书: what the applicant assented to, which is his signature; nil before.
  private func kinship(_ kinship: KinshipInput) -> NoticePaper? {
    guard let assentedAt = kinship.assentedAt else { return nil }
    let applicant = self.input.applicant
    return NoticePaper(
      title: "亲属关系承诺书", number: self.number, addressee: self.office.name,
      body: [
        .paragraph(
          "承诺人\(applicant.name)（\(PaperWords.citizenID)\(applicant.citizenID)）："
            + "\(kinship.relativeName)（\(PaperWords.citizenID)\(kinship.relativeID)）"
            + "系本人\(kinship.relation)。"),
        .paragraph(kinship.text),
        .paragraph("本承诺书由承诺人在线确认，与书面签名具有同等效力。"),
      ], office: SignedOffice(name: "承诺人：\(applicant.name)", seal: ""), at: assentedAt)
  }

  /// 收件回执 with what came in, and by when it is accepted or told what is missing (行政许可法, Art. 32).
  private var receipt: NoticePaper? {
    guard let submission = self.application.submission else { return nil }
    let materials = self.application.materials
      .filter { $0.uploadedAt <= submission.submittedAt }.map(\.slot.label)
    var body = [NoticePaper.Part.paragraph("\(self.submission)及下列材料已收件。")]
    body.append(materials.isEmpty ? .paragraph("未提交材料。") : .list(materials))
    if let due = self.receiptDue {
      body.append(
        .paragraph(
          "本机关将于\(due.chinese)前作出是否受理的决定，或者一次性告知需要补正的全部内容"
            + "（《中华人民共和国行政许可法》第三十二条）。"))
    }
    return self.paper("收件回执", body, by: self.office, at: submission.submittedAt)
  }

  /// 受理回执 with both due dates.
  private func acceptance(_ acceptance: Acceptance) -> NoticePaper {
    var body = [
      NoticePaper.Part.paragraph("\(self.submission)，经审查，申请材料齐全、符合法定形式，现予受理。")
    ]
    if let promise = acceptance.promiseDue, let statute = acceptance.statuteDue {
      body.append(
        .paragraph(
          "承诺办结期限：\(promise.date.chinese)；法定办结期限：\(statute.date.chinese)。"))
      if promise.isProvisional || statute.isProvisional {
        body.append(.paragraph("期限内的节假日安排尚未公布，期限以公布后的安排为准。"))
      }
    }
    return self.paper("受理回执", body, by: self.office, at: acceptance.acceptedAt)
  }

  /// 一次性告知书: all that is missing, told once.
  private func supplement(_ notice: SupplementNotice) -> NoticePaper {
    self.paper(
      "一次性告知书",
      [
        .paragraph("\(self.submission)，经审查，需要补正下列全部内容："),
        .list(notice.reasons.map(\.text)),
        .paragraph("请按要求一次补正。补正期间不计入办理期限；逾期不补正的，本机关将依法处理。"),
      ], by: self.office, at: notice.notifiedAt)
  }

  /// A negative decision with every reason and both ways to appeal.
  private func decision(_ refusal: Refusal, _ title: String, _ decision: String) -> NoticePaper {
    self.paper(
      title,
      [
        .paragraph("\(self.submission)，经审查，存在下列情形，\(decision)："),
        .list(refusal.reasons.map(\.text)), .paragraph(self.appeal(refusal)),
      ], by: self.bureau, at: refusal.decidedAt)
  }

  private func appeal(_ refusal: Refusal) -> String {
    "如不服本决定，可以自收到本决定书之日起\(self.reviewDays)日内向"
      + "\(refusal.reconsiderationAuthority)申请行政复议，或者在\(self.litigationMonths)个月内向"
      + "\(refusal.court)提起行政诉讼。"
  }

  /// 注销决定书 of a cancellation at the holder's own request.
  private func cancellation(_ completion: Completion) -> NoticePaper {
    self.paper(
      "注销决定书",
      [
        .paragraph(
          "\(self.submission)，经审查，符合《中华人民共和国行政许可法》第七十条的规定，"
            + "决定注销你的《\(self.permit)》。"),
        .paragraph("该证件自注销之日起不再有效。"),
      ], by: self.bureau, at: completion.completedAt)
  }
}
