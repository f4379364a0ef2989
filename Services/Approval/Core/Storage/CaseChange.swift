import DomainModel
import ServiceCore

/// What happened to a case, as its row and its history are written.
enum CaseChange: HistoryEvent {
  case opened
  case happened(CaseEvent)
  /// It had lost some of its steps, and intake knew them.
  case restored(to: CaseStanding)

  var action: String {
    switch self {
    case .opened: "opened"
    case .happened(let event): event.action
    case .restored: "restored"
    }
  }

  var detail: String {
    guard case .happened(let event) = self else { return "" }
    return event.detail
  }
}
