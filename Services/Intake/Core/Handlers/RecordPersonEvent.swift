import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension CaseProgressHandlers {
  /// Asks the cases of a person's applications in progress to close: all of them where he has died,
  /// those of the unit where he has become local in it. Whatever is asked already is not asked
  /// again, and what was submitted after the event was recorded is the registry's to refuse.
  func recordPersonEvent(
    _ request: IntakeV1.RecordPersonEventRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordPersonEventResponse {
    try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let event = try PersonEventNotice(request, today: CivilDate(of: call.now))
      let answer = try await call.commit { transaction, stamp in
        var asked: [String] = []
        for number in event.citizenIDs {
          for id in try self.store.openApplications(transaction, ofCitizen: number)
          where try self.askToClose(transaction, id, event, stamp) {
            asked.append(id.text)
          }
        }
        return IntakeV1.RecordPersonEventResponse(applicationIDs: asked)
      }
      context.logger.info(
        "an event of a person",
        metadata: [
          "reason": "\(event.reason.rawValue)", "applications": "\(answer.applicationIDs.count)",
        ])
      return answer
    }
  }

  /// Returns whether its case is asked.
  private func askToClose(
    _ transaction: Transaction, _ id: ID<Application>, _ event: PersonEventNotice, _ stamp: Stamp
  ) throws -> Bool {
    let before = try self.store.application(transaction, .id(id), within: .everything)
    if let division = event.division, !before.isIn(unitOf: division, self.divisions) {
      return false
    }
    let next = before.askingToClose(
      event.reason, on: event.day, recordedAt: event.recordedAt,
      road: self.announcer.terms.road(of: before), at: stamp.now)
    guard let next, let closing = next.closing else { return false }
    let step = ApplicationStep(
      next: next,
      event: .closingAsked(closing, source: event.source, reference: event.reference))
    try self.store.write(
      transaction,
      Step(from: before, to: next, step.event, telling: try self.announcer.messages(step)), stamp)
    return true
  }
}

/// What the registry says of a person, checked in itself.
private struct PersonEventNotice: Sendable {
  let citizenIDs: [String]
  let reason: ClosureReason
  let day: CivilDate
  /// Of a new hukou; nil for a death.
  let division: String?
  let recordedAt: Timestamp
  let source: String
  let reference: String

  /// How many numbers lead to one person at most; far more than anybody has.
  static let citizenIDsMax = 200
  /// How long a source's name may be, in Unicode scalars.
  static let sourceCharactersMax = 80
  /// How long the number of a paper may be, in Unicode scalars.
  static let referenceCharactersMax = 64

  /// Reads a report; throws `REQUEST_INVALID` with everything that is wrong with it.
  init(_ wire: IntakeV1.RecordPersonEventRequest, today: CivilDate) throws {
    var defects = DefectList()
    if wire.citizenIDs.isEmpty { defects.add(.fieldMissing, at: "citizen_ids") }
    if wire.citizenIDs.count > Self.citizenIDsMax {
      defects.add(.numberOutOfRange, at: "citizen_ids")
    }
    let reason = ClosureReason(wire.reason)
    if reason == nil { defects.add(.valueUnknown, at: "reason") }
    let day = CivilDate(iso: wire.eventOn)
    if day == nil { defects.add(.dateInvalid, at: "event_on") }
    // Two services' clocks may differ around midnight.
    if let day, day > today.adding(days: 1) { defects.add(.dateInFuture, at: "event_on") }
    if reason == .localHukou, wire.divisionCode.isEmpty {
      defects.add(.fieldMissing, at: "division_code")
    }
    if reason == .death, !wire.divisionCode.isEmpty {
      defects.add(.fieldNotWanted, at: "division_code")
    }
    if wire.recordedAtMs <= 0 { defects.add(.fieldMissing, at: "recorded_at_ms") }
    defects.add(
      TextRules.defects(of: wire.source, charactersMax: Self.sourceCharactersMax), at: "source")
    defects.add(
      TextRules.defects(of: wire.reference, charactersMax: Self.referenceCharactersMax),
      at: "reference")
    try defects.throwIfAny(.requestInvalid)
    guard let reason, let day else { throw ServiceError(.requestInvalid) }
    self.citizenIDs = wire.citizenIDs
    self.reason = reason
    self.day = day
    self.division = reason == .localHukou ? wire.divisionCode : nil
    self.recordedAt = Timestamp(milliseconds: wire.recordedAtMs)
    self.source = wire.source
    self.reference = wire.reference
  }
}
