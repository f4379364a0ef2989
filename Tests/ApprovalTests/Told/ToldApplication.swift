import DomainModel
import Wire

@testable import IntakeCore

/// An application at intake, whose case is told of here: intake's own machine, reading the contract
/// as intake reads it.
struct ToldApplication {
  private(set) var application: Application
  private let road: Road

  /// One that was just submitted; accepted where it was entered at the counter, whose terms are
  /// then known.
  init(
    _ kind: KindPolicy, submittedAt now: Timestamp, under version: String,
    acceptedUntil terms: (promise: DueDate, statute: DueDate)? = nil
  ) throws {
    self.road = Road(kind)
    let draft = Application(
      id: ID("application-1"), owner: "integrator:app", kind: kind.kind,
      channel: terms == nil ? .app : .window, under: version, at: now)
    let submission = Submission(
      number: "ZJ2026031000000001", submittedAt: now, officeCode: "330106500000",
      officeName: "城关派出所", bureauCode: "330106000000", acceptanceDue: nil, findings: [],
      enteredBy: terms == nil ? nil : CounterOfficer(id: "p-counter", office: "330106500000"))
    let acceptance = terms.map { terms in
      Acceptance(acceptedAt: now, promiseDue: terms.promise, statuteDue: terms.statute)
    }
    let isDecided = self.road == .decided
    self.application = try draft.submitting(
      FormDocument(bytes: [], input: FormInput()), submission, under: version,
      accepted: isDecided ? acceptance : nil, at: now)
  }

  var state: String { self.application.state.rawValue }

  /// What intake does with a step; throws what it would answer.
  mutating func take(_ request: IntakeV1.RecordProgressRequest, at now: Timestamp) throws {
    let progress = try Progress(request)
    let next = try self.application.recording(
      progress, sequence: request.sequence, on: self.road, at: now)
    if let next { self.application = next }
  }

  /// The applicant answers the notice that is out; returns its round, or nil where none is.
  mutating func supplement(at now: Timestamp) throws -> Int? {
    guard self.application.state == .supplementNeeded, let notice = self.application.openNotice
    else { return nil }
    let photo = Material(
      id: ID("material"), slot: MaterialSlot(.photo), mediaType: .jpeg, sizeBytes: 1, sha256: [],
      uploadedAt: now)
    self.application = try self.application.adding(photo, at: now).supplementing(at: now)
    return Int(notice.round)
  }

  /// The applicant takes it back; returns whether the case is to be asked.
  mutating func askBack(at now: Timestamp) -> Bool {
    guard let next = try? self.application.askingBack(on: self.road, at: now) else { return false }
    self.application = next
    return true
  }

  /// The case would not have that.
  mutating func keepByDecision(at now: Timestamp) {
    self.application = self.application.keptByDecision(at: now) ?? self.application
  }

  /// The applicant has died; returns whether the case is to be asked to close.
  mutating func askToClose(at now: Timestamp) -> Bool {
    let next = self.application.askingToClose(
      .death, on: CivilDate(of: now), recordedAt: now, road: self.road, at: now)
    guard let next else { return false }
    self.application = next
    return true
  }
}
