import DomainModel
import Logging
import Storage

/// Who is told of a step: approval of what its case needs, the applicant of what he must know. The
/// registry tells of a permit, for it knows when it has signed.
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
    case .submitted(let submission, _):
      return try [CaseMessages.openCase(application, submission)]
        + self.text(of: .received(submission), to: application)
    case .supplemented(let notice):
      return [try CaseMessages.resumeClock(application, answering: notice)]
    case .progressed(let progress):
      guard let content = TextContent(progress, application, terms: self.terms(of: application))
      else { return [] }
      return try self.text(of: content, to: application)
    case .drafted, .commitmentGiven, .formWritten, .materialUploaded, .materialReused, .expired,
      .restored:
      return []
    }
  }

  private func text(
    of content: TextContent, to application: Application
  ) throws -> [OutboxMessage] {
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
