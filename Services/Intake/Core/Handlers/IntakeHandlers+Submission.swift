import DomainModel
import ServiceCore
import Wire

/// What is made of a draft that was judged: its routing, its receipt, its number.
extension IntakeHandlers {
  /// The receipt. The office follows from the address, the kind and the
  /// day; when acceptance is due, the region's `guard_working_days` says (行政许可法, Art. 32).
  func submission(of judged: JudgedDraft) throws -> Submission {
    let today = CivilDate(of: judged.at)
    let residence = judged.form.residence
    let route = self.region.offices.route(
      county: residence.division, street: residence.street, kind: judged.draft.kind, on: today)
    guard let route else {
      throw UnusableData("no office takes applications for \(residence.division)")
    }
    let terms = CaseTerms(policy: judged.policy, calendar: self.region.calendar)
    return Submission(
      number: self.number(for: judged).text, submittedAt: judged.at, officeCode: route.station.code,
      officeName: route.station.name, bureauCode: route.bureau.code,
      acceptanceDue: terms.guardDue(from: today, of: judged.draft.kind),
      findings: judged.judgement.findings)
  }

  /// A number for the application; the database says where it is taken.
  private func number(for judged: JudgedDraft) -> ApplicationNumber {
    ApplicationNumber(
      division: judged.form.residence.division, submittedOn: CivilDate(of: judged.at),
      draw: self.parts.random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The form as it goes to the officers: numbers and names in their normal form, the rest as it
  /// came.
  func document(of judged: JudgedDraft) throws -> FormDocument {
    var form = try ModelV1.ApplicationForm(wireBytes: judged.draft.form?.bytes ?? [])
    form.normalise(by: judged.form)
    return FormDocument(bytes: try form.wireBytes(), input: FormInput(form))
  }
}
