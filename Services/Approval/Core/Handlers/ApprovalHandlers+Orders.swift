import RPC
import ServiceCore
import Storage

extension ApprovalHandlers {
  /// Does an officer's order to the clocks of a case, if it is not his own. Returns the case as it
  /// stands then.
  func change(
    _ transaction: Transaction, _ record: CaseRecord, by order: ClockOrder, of caller: Caller,
    _ stamp: Stamp
  ) throws -> CaseRecord {
    var order = order
    order.isParty = try caller.isParty(to: record)
    return try self.change(transaction, record, by: .order(order), stamp)
  }
}
