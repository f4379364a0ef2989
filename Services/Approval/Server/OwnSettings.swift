import ApprovalCore
import ServiceKit

/// What an operator decides of the approval service.
struct OwnSettings: Sendable {
  let approval: ApprovalSettings

  /// Reads the service's own settings.
  init(_ reader: inout SettingsReader) {
    var approval = ApprovalSettings()
    approval.claimMinutes = reader.number(
      "claim.minutes", default: approval.claimMinutes, in: ApprovalSettings.claimMinutes,
      "for how many minutes an officer holds a case that he has claimed; claiming it again holds it "
        + "for as long once more")
    self.approval = approval
  }
}
