import DomainModel
import ServiceCore
import Storage
import Wire

/// What is told anew where approval or the notification service has lost it.
struct ApplicationRetelling: Sendable {
  let store: IntakeStore
  let terms: TermsByPolicy

  /// A `case`: opened again where it is known to have stood, and the last supplement. Anything else
  /// names the template of a text.
  func messages(_ snapshot: Snapshot, _ lost: LostMessage) throws -> [OutboxMessage] {
    guard let application = try self.application(snapshot, lost.applicationID),
      let submission = application.submission
    else { return [] }
    guard lost.what == "case" else { return try self.texts(lost.what, application, submission) }
    guard self.terms.road(of: application).hasCase else { return [] }
    let opening = try CaseMessages.reopenCase(application, submission, as: lost.caseID)
    guard let notice = application.notices.last, notice.supplementedAt != nil else {
      return [opening]
    }
    return [opening, try CaseMessages.resumeClockAgain(application, answering: notice)]
  }

  private func application(_ snapshot: Snapshot, _ id: String) throws -> Application? {
    do {
      return try self.store.application(snapshot, .id(ID(id)), within: .everything)
    } catch let error as ServiceError where error.code == .notFound {
      return nil
    }
  }

  private func texts(
    _ template: String, _ application: Application, _ submission: Submission
  ) throws -> [OutboxMessage] {
    guard !application.isOfDeceased, let addressee = Addressee(application) else { return [] }
    let (terms, road) = (self.terms(of: application), self.terms.road(of: application))
    let contents =
      [TextContent(submission, application, on: road)].compactMap(\.self)
      + application.steps.compactMap {
        TextContent($0, application, on: road, terms: terms)?.again($0)
      }
    return try contents.filter { $0.template == template }.map {
      try $0.message(to: addressee, about: application)
    }
  }
}

extension Application {
  /// The steps of the case that the applicant was told of.
  fileprivate var steps: [Progress] {
    var steps = self.notices.map(Progress.supplementNeeded)
    if let acceptance { steps.append(.accepted(acceptance)) }
    if let refusal {
      steps.append(self.state == .notAccepted ? .notAccepted(refusal) : .refused(refusal))
    }
    if let completion { steps.append(.completed(completion)) }
    if let at = self.withdrawal?.withdrawnAt { steps.append(.withdrawn(at: at)) }
    if let closure = self.closing?.closure { steps.append(.closed(closure)) }
    return steps
  }
}
