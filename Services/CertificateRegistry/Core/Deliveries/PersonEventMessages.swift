import DomainModel
import RPC
import ServiceCore
import Storage
import Wire

/// What intake is told of a person: that his applications have nothing left to decide. Each report
/// has a lane of its own, so that none holds up another one.
enum PersonEventMessages {
  /// Tells a report. `numbers` are those by which he is known beside the one he was reported by.
  static func message(
    _ report: PersonReport, closing reason: ClosureReason, _ numbers: [String], _ stamp: Stamp
  ) throws -> OutboxMessage {
    let key = "person-event-\(stamp.newID(of: PersonReport.self).text)"
    var division = ""
    if case .hukouMoved(let code, _) = report.event { division = code }
    let own = report.citizenID.text
    let request = IntakeV1.RecordPersonEventRequest(
      idempotencyKey: key, citizenIDs: [own] + numbers.filter { $0 != own },
      reason: .init(reason), eventOn: report.event.day.iso, divisionCode: division,
      recordedAtMs: stamp.now.milliseconds, source: report.source, reference: report.reference)
    return try OutboxMessage(
      request, IntakeV1.CaseProgressServiceMethods.recordPersonEvent, to: .intake,
      lane: "\(key):intake", key: key)
  }
}
