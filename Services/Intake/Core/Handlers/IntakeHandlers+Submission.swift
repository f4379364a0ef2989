import DomainModel
import RPC
import ServiceCore
import Wire

/// Where a judged draft goes.
struct Destination: Sendable {
  /// The division of where the person lives, and its offices.
  var division: String
  var offices: OfficeRoute
  /// What it is about.
  var permit: HeldPermit?
  var registered: RegisteredResidence?
  /// Who entered it at the counter.
  var enteredBy: CounterOfficer?
}

/// What is made of a draft that was judged: its routing, its receipt, its number.
extension IntakeHandlers {
  /// What a draft is about, and which offices it belongs to: a function of the address, the kind
  /// and the day. Throws `NOTHING_TO_CHANGE` where nothing is on record that it could be about and
  /// no officer is there to say so, and `OFFICER_WRONG_OFFICE` at another counter.
  func destination(of judged: JudgedDraft, by caller: Caller) throws -> Destination {
    let (form, residence, today) = (judged.form, judged.residence, CivilDate(of: judged.at))
    let unit = form.residence.flatMap { self.region.divisions.residenceUnit(of: $0.division) }
    let (permit, registered) = Filing.subject(of: judged.draft.kind, form, in: unit, residence)
    if judged.road == .atOnce, permit == nil, registered == nil {
      throw ServiceError(.nothingToChange)
    }
    guard let place = form.residence ?? residence.place else {
      throw ServiceError(.nothingToChange)
    }
    let route = self.region.offices.route(
      county: place.division, street: place.street, kind: judged.draft.kind, on: today)
    guard let route else {
      throw UnusableData("no office takes applications for \(place.division)")
    }
    return Destination(
      division: place.division, offices: route, permit: permit, registered: registered,
      enteredBy: try self.counterOfficer(
        caller, entering: judged.draft, of: judged.kind, by: route, on: today))
  }

  /// The submission with its receipt. When acceptance is due, the region's `guard_working_days`
  /// says (行政许可法, Art. 32), where officers look at it.
  func filing(of judged: JudgedDraft, to destination: Destination) -> Filing {
    let offices = destination.offices
    let submission = Submission(
      number: self.number(for: judged, in: destination.division).text, submittedAt: judged.at,
      officeCode: offices.station.code, officeName: offices.station.name,
      bureauCode: offices.bureau.code,
      acceptanceDue: judged.road.hasCase
        ? self.terms(of: judged).guardDue(from: CivilDate(of: judged.at), of: judged.draft.kind)
        : nil,
      findings: judged.judgement.findings,
      about: ApplicationSubject(
        certificateIdentifier: destination.permit?.certificateIdentifier,
        registrationID: destination.registered?.id),
      enteredBy: destination.enteredBy)
    return Filing(
      submission: submission, applicant: judged.form.citizenID, against: judged.against,
      registered: destination.registered)
  }

  /// 受理回执: where the entry at the counter is the acceptance, both terms run from it.
  func acceptance(of judged: JudgedDraft, to destination: Destination) -> Acceptance? {
    guard destination.enteredBy != nil, judged.road == .decided else { return nil }
    let (terms, today) = (self.terms(of: judged), CivilDate(of: judged.at))
    return Acceptance(
      acceptedAt: judged.at,
      promiseDue: terms.promiseDue(acceptedOn: today, of: judged.draft.kind),
      statuteDue: terms.statuteDue(acceptedOn: today, of: judged.draft.kind))
  }

  private func terms(of judged: JudgedDraft) -> CaseTerms {
    CaseTerms(policy: judged.policy, calendar: self.region.calendar)
  }

  /// A number for the application; the database says where it is taken.
  private func number(for judged: JudgedDraft, in division: String) -> ApplicationNumber {
    ApplicationNumber(
      division: division, submittedOn: CivilDate(of: judged.at),
      draw: self.parts.random.bytes(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  /// The form as it goes to the officers: numbers and names in their normal form, the rest as it
  /// came. Who moves and says nothing of his workplace keeps the one on record.
  func document(of judged: JudgedDraft, to destination: Destination) throws -> FormDocument {
    var form = try ModelV1.ApplicationForm(wireBytes: judged.draft.form?.bytes ?? [])
    form.normalise(by: judged.form)
    let mayMove: Set<ApplicationKind> = [.addressChange, .endorsement]
    if form.workplace.isEmpty, mayMove.contains(judged.draft.kind) {
      form.workplace = destination.registered?.workplace ?? ""
    }
    return FormDocument(bytes: try form.wireBytes(), input: FormInput(form))
  }
}
