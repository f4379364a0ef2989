import ApprovalCore
import ServiceKit

/// What an operator decides of the approval service.
struct OwnSettings: Sendable {
  let approval: ApprovalSettings
  /// Who keeps the records of frauds.
  let platforms: [PlatformServers]

  /// Reads the service's own settings.
  init(_ reader: inout SettingsReader) {
    var approval = ApprovalSettings()
    approval.claimMinutes = reader.number(
      "claim.minutes", default: approval.claimMinutes, in: ApprovalSettings.claimMinutes,
      "for how many minutes an officer holds a case that he has claimed; claiming it again holds it "
        + "for as long once more")
    self.approval = approval
    self.platforms = reader.platforms(
      "credit.platforms",
      "the platforms that keep the records of permits obtained by deception "
        + "(anju.credit.v1.CreditRecordService); what each was told is kept under its name")
  }
}
