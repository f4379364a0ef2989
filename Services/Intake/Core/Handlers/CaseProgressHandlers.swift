import DomainModel
import ServiceCore
import Wire

/// What the approval service tells of a case.
struct CaseProgressHandlers: IntakeV1.CaseProgressService {
  let store: IntakeStore
  let once: AnswerOnce
  let announcer: ApplicationAnnouncer
  let offices: OfficeTable
  let parts: CoreParts
}
