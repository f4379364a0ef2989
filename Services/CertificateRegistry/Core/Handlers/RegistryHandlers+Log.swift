import DomainModel
import RPC
import ServiceCore
import Wire

/// An answer that tells of changes which the log has or will have.
protocol LoggedAnswer: WireMessage {
  /// What was changed, in the order of the log.
  var lines: [LogLine] { get }
  /// Says which leaves the changes have by now.
  mutating func tell(_ leaves: [LogLine: Int])
}

/// An answer that tells a permit after a change.
protocol PermitAnswer: LoggedAnswer {
  var permit: RegistryV1.Permit? { get set }
}

extension PermitAnswer {
  var lines: [LogLine] {
    self.permit.map { [LogLine(entity: $0.permitID, version: Int($0.version))] } ?? []
  }

  mutating func tell(_ leaves: [LogLine: Int]) {
    let leaf = self.lines.first.flatMap { leaves[$0] }
    self.permit?.tell(leaf)
  }
}

extension RegistryV1.IssuePermitResponse: PermitAnswer {}
extension RegistryV1.EndorsePermitResponse: PermitAnswer {}
extension RegistryV1.ConvertPermitResponse: PermitAnswer {}
extension RegistryV1.ChangePermitAddressResponse: PermitAnswer {}
extension RegistryV1.ChangePermitContactResponse: PermitAnswer {}
extension RegistryV1.CorrectPermitResponse: PermitAnswer {}
extension RegistryV1.NoteEndorsementPendingResponse: PermitAnswer {}
extension RegistryV1.ReportLossResponse: PermitAnswer {}
extension RegistryV1.WithdrawLossResponse: PermitAnswer {}
extension RegistryV1.CancelPermitResponse: PermitAnswer {}
extension RegistryV1.ReinstatePermitResponse: PermitAnswer {}
extension RegistryV1.PlaceHoldResponse: PermitAnswer {}
extension RegistryV1.ReleaseHoldResponse: PermitAnswer {}
extension RegistryV1.LoadPermitResponse: PermitAnswer {}
extension RegistryV1.ImportPermitResponse: PermitAnswer {}

extension RegistryV1.ReportPersonEventResponse: LoggedAnswer {
  var lines: [LogLine] {
    self.changes.map { LogLine(entity: $0.entityID, version: Int($0.entityVersion)) }
  }

  mutating func tell(_ leaves: [LogLine: Int]) {
    for (index, line) in self.lines.enumerated() {
      let leaf = leaves[line]
      self.changes[index].logState = leaf == nil ? .sequencing : .sequenced
      self.changes[index].leafIndex = Int64(leaf ?? 0)
    }
  }
}

extension RegistryHandlers {
  /// Answers a change once, and waits a little for its leaves in the log. The first answer that is
  /// kept does not say where the log stood: each repeat looks anew.
  func answerOnce<Answer: LoggedAnswer>(
    _ request: some WireMessage, key: String, _ context: CallContext,
    _ work: (MutatingCall) async throws -> Answer
  ) async throws -> Answer {
    var answer = try await self.once.answer(request, key: key, context, work)
    // While no head is signed no leaf will come.
    let leftMs = self.issuing.isShut ? 0 : context.remainingMs.map(DeadlineReserve.passedOn)
    answer.tell(await self.leafWait.leaves(of: answer.lines, leftMs: leftMs))
    return answer
  }
}

extension RegistryV1.Permit {
  /// Says which leaf its newest change has; nil where it has none yet.
  mutating func tell(_ leaf: Int?) {
    self.logState = leaf == nil ? .sequencing : .sequenced
    self.leafIndex = Int64(leaf ?? 0)
  }
}
