import Reconciliation
import ToolKit
import Wire

extension Services {
  /// How much one call asks for at most.
  private static let lostMax = 500

  /// Has the services tell anew what others have lost; returns how many messages are on their way.
  func resend(_ repairs: [Repair]) async throws -> Int {
    var messages = 0
    for (service, asked) in Dictionary(grouping: repairs, by: \.service).sorted(by: {
      $0.key < $1.key
    }) {
      for (_, client) in try self.operations([service]) {
        for start in stride(from: 0, to: asked.count, by: Self.lostMax) {
          let part = asked[start..<min(start + Self.lostMax, asked.count)]
          let request = OperationsV1.ResendLostRequest(
            idempotencyKey: freshKey("resend"),
            lost: part.map { repair in
              OperationsV1.LostMessage(
                applicationID: repair.applicationID, what: repair.what, caseID: repair.caseID)
            })
          let answer = try await client.resendLost(request, options: self.options(as: .auditor))
          messages += Int(answer.messages)
        }
      }
    }
    return messages
  }
}
