import DomainModel
import ServiceCore
import Wire

/// What other services tell of a case, of texts and of persons.
struct CaseProgressHandlers: IntakeV1.CaseProgressService {
  let store: IntakeStore
  let once: AnswerOnce
  let announcer: ApplicationAnnouncer
  let offices: OfficeTable
  let divisions: DivisionTable
  let parts: CoreParts
}
