import DomainModel
import ServiceCore
import Storage

/// What is written in one step of a permit.
enum PermitStep: HistoryEvent {
  /// It was issued on an order to a person, who may have lost it before.
  case issued(PreparedPermit, IssueCommand, to: ID<Storage.Person>)
  /// One of an earlier kind was imported, of a person.
  case imported(PreparedImport, ImportCommand, of: ID<Storage.Person>)
  /// Something has happened to it.
  case changed(PermitEvent, Beside)

  /// What is written beside the permit's facts.
  struct Beside: Hashable, Sendable {
    /// The certificate in the place of the one there was.
    var certificate: SignedCertificate?
    /// Where texts go from now on; nil where that stays.
    var phone: PhoneNumber?
    /// The phone there was is somebody else's now.
    var removesPhone = false
    /// On what the change rests: case, reason, proof.
    var detail = ""
  }

  var action: String {
    switch self {
    case .issued(_, let command, _): command.lost == nil ? "issue_permit" : "restore_permit"
    case .imported: "import_permit"
    case .changed(let event, _): event.action
    }
  }

  var detail: String {
    switch self {
    case .issued(_, let command, _):
      "case \(command.caseID)" + (command.conversion.map { "; \($0.rawValue)" } ?? "")
    case .imported(let prepared, let command, _):
      "\(command.earlier.kind.rawValue); document \(prepared.documentSHA256)"
    case .changed(let event, let beside):
      [event.detail, beside.detail].filter { !$0.isEmpty }.joined(separator: "; ")
    }
  }
}
