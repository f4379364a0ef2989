import DomainModel
import Logging
import Storage

/// Who is told of a step: approval of what its case needs, the registry of what no officer decides
/// and of an endorsement that is applied for, the applicant of what he must know. The registry
/// tells of a permit, for it knows when it has signed.
struct ApplicationAnnouncer: Sendable {
  let terms: TermsByPolicy
  let logger: Logger

  /// The messages that a step makes necessary, in a lane for each service: steps stay in order,
  /// and a service that is away holds back only what is meant for it.
  ///
  /// **Why does a text never stop a step?** What the authorities decided is so, whether or not a
  /// telephone can be reached. *What if it did?* A form stored under older rules would have
  /// approval repeat the step for ever.
  func messages(_ step: ApplicationStep) throws -> [OutboxMessage] {
    let application = step.next
    switch step.event {
    case .submitted(let filing): return try self.submitted(application, filing)
    case .supplemented(let notice):
      return [try CaseMessages.resumeClock(application, answering: notice)]
    case .progressed(let progress):
      let ended = try RegistryMessages.endPending(application, after: progress)
      return try [ended].compactMap(\.self) + self.text(of: progress, to: application)
    case .registrationChanged:
      return try [RegistryMessages.permitOrder(application)].compactMap(\.self)
    case .withdrawalRequested: return [try CaseMessages.withdrawCase(application)]
    case .closingAsked(let closing, _, _):
      return [try CaseMessages.closeCase(application, closing)]
    case .drafted, .commitmentGiven, .formWritten, .materialUploaded, .materialReused, .expired,
      .restored, .withdrawalOvertaken:
      return []
    }
  }

  /// Who takes a submission on, and its receipt; at the counter that is the acceptance's.
  private func submitted(_ application: Application, _ filing: Filing) throws -> [OutboxMessage] {
    let submission = filing.submission
    let road = self.terms.road(of: application)
    guard road.hasCase else {
      return try [RegistryMessages.firstOrder(application, filing)].compactMap(\.self)
    }
    var messages = [try CaseMessages.openCase(application, submission)]
    if application.kind == .endorsement {
      messages += try [RegistryMessages.notePending(application, submission)].compactMap(\.self)
    }
    let receipt = TextContent(submission, application, on: road)
    return try messages + (receipt.map { try self.text(of: $0, to: application) } ?? [])
  }

  private func text(of progress: Progress, to application: Application) throws -> [OutboxMessage] {
    let content = TextContent(
      progress, application, on: self.terms.road(of: application),
      terms: self.terms(of: application))
    return try content.map { try self.text(of: $0, to: application) } ?? []
  }

  private func text(
    of content: TextContent, to application: Application
  ) throws -> [OutboxMessage] {
    if application.isOfDeceased { return [] }
    // A kind that asks for no phone: the registry tells the number that it has.
    if application.form?.input.phone.isEmpty == true { return [] }
    guard let addressee = Addressee(application) else {
      // A closure that runs again says so again, which does no harm.
      self.logger.error(
        "nobody can be told of a step",
        metadata: ["application.id": "\(application.id)", "template": "\(content.template)"])
      return []
    }
    return [try content.message(to: addressee, about: application)]
  }
}
