import RPC
import Wire

extension ApprovalV1.ApprovalServiceMethods {
  /// The applicant has taken an application back. An approval service that does not know it yet is
  /// asked again until it does.
  static let withdrawCase = Method(
    service: "anju.approval.v1.ApprovalService", name: "WithdrawCase", kind: .unary)
}
