import DomainModel
import RPC
import ServiceCore
import Wire

/// An answer that tells a permit after a change.
protocol PermitAnswer: WireMessage {
  var permit: RegistryV1.Permit? { get set }
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

extension RegistryHandlers {
  /// Answers a change of a permit once, and waits a little for its leaf in the log. The first
  /// answer that is kept does not say where the log stood: each repeat looks anew.
  func answerOnce<Answer: PermitAnswer>(
    _ request: some WireMessage, key: String, _ context: CallContext,
    _ work: (MutatingCall) async throws -> Answer
  ) async throws -> Answer {
    var answer = try await self.once.answer(request, key: key, context, work)
    guard let permit = answer.permit else { return answer }
    let line = LogLine(entity: permit.permitID, version: Int(permit.version))
    // While no head is signed no leaf will come.
    let leftMs = self.issuing.isShut ? 0 : context.remainingMs.map(DeadlineReserve.passedOn)
    let leaf = await self.leafWait.leaf(of: line, leftMs: leftMs)
    answer.permit?.tell(leaf)
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
