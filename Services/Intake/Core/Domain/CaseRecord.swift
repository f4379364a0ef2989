import DomainModel

/// What of an ended application is sealed: a line a fact, its name, a tab, its value. The words and
/// their order never change, because the hash that was kept at the end is held against them.
struct CaseRecord: Hashable, Sendable {
  let text: String

  /// Nil for one that has not ended. `formHash` is the SHA-256 of the form as it was submitted, in
  /// hexadecimal digits; `hash` gives those of a material's.
  init?(_ application: Application, formHash: String, hex: ([UInt8]) -> String) {
    guard application.state.isFinal, let submission = application.submission else { return nil }
    var lines: [(String, String)] = [
      ("application_id", application.id.text), ("application_number", submission.number),
      ("kind", application.kind.rawValue), ("channel", application.channel.name),
      ("policy_version", application.policyVersion), ("state", application.state.rawValue),
      ("version", String(application.version)),
      ("created_at_ms", String(application.createdAt.milliseconds)),
      ("submitted_at_ms", String(submission.submittedAt.milliseconds)),
      ("office_code", submission.officeCode), ("bureau_code", submission.bureauCode),
      ("ended_at_ms", String(application.changedAt.milliseconds)), ("form_sha256", formHash),
    ]
    if let commitment = application.commitment {
      lines.append(("notice_version", commitment.noticeVersion))
      lines.append(("assented_at_ms", String(commitment.assentedAt.milliseconds)))
    }
    for finding in submission.findings.sorted(by: { $0.rule.rawValue < $1.rule.rawValue }) {
      lines.append(("finding", "\(finding.rule.rawValue) \(finding.result.rawValue)"))
    }
    for material in application.materials.sorted(by: { $0.slot < $1.slot }) {
      lines.append(
        (
          "material",
          "\(material.slot.name) \(material.mediaType.rawValue) \(material.sizeBytes) "
            + "\(hex(material.sha256)) \(material.uploadedAt.milliseconds)"
        ))
    }
    lines += Self.decision(on: application)
    self.text = lines.map { "\($0.0)\t\(Self.oneLine($0.1))\n" }.joined()
  }

  private static func decision(on application: Application) -> [(String, String)] {
    var lines: [(String, String)] = []
    if let acceptance = application.acceptance {
      lines.append(("accepted_at_ms", String(acceptance.acceptedAt.milliseconds)))
      lines.append(("promise_due_on", acceptance.promiseDue?.date.iso ?? ""))
      lines.append(("statute_due_on", acceptance.statuteDue?.date.iso ?? ""))
    }
    for opinion in application.opinions {
      lines.append(
        (
          "opinion",
          "\(opinion.stage.rawValue) \(opinion.decision.rawValue) \(opinion.officerID) "
            + "\(opinion.officeCode) \(opinion.signedAt.milliseconds)"
        ))
    }
    for notice in application.notices {
      lines.append(
        (
          "notice",
          "\(notice.round) \(notice.notifiedAt.milliseconds) "
            + "\(notice.supplementedAt?.milliseconds ?? 0)"
        ))
      lines += notice.reasons.map { ("notice_reason", "\($0.code) \($0.text)") }
    }
    if let refusal = application.refusal {
      lines.append(("refused_at_ms", String(refusal.decidedAt.milliseconds)))
      lines += refusal.reasons.map { ("refusal_reason", "\($0.code) \($0.text)") }
      lines.append(("reconsideration_authority", refusal.reconsiderationAuthority))
      lines.append(("court", refusal.court))
    }
    if let completion = application.completion {
      lines.append(("completed_at_ms", String(completion.completedAt.milliseconds)))
      lines.append(("certificate_identifier", completion.certificateIdentifier))
      lines.append(("valid_to_on", completion.validTo?.iso ?? ""))
      lines.append(("registration_id", completion.registrationID))
    }
    if let withdrawnAt = application.withdrawal?.withdrawnAt {
      lines.append(("withdrawn_at_ms", String(withdrawnAt.milliseconds)))
    }
    if let closure = application.closing?.closure {
      lines.append(("closed_at_ms", String(closure.closedAt.milliseconds)))
      lines.append(("closure", "\(closure.reason.rawValue) \(closure.eventOn.iso)"))
    }
    return lines
  }

  /// A value on one line, so that no text can look like another line.
  static func oneLine(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\\") }) else { return text }
    // By scalars: as a `Character`, CR and LF together are neither of the two.
    return text.unicodeScalars.reduce(into: "") { line, scalar in
      if let escape = Self.escapes[scalar] {
        line += escape
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
  }

  private static let escapes: [Unicode.Scalar: String] = [
    "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t",
  ]
}
