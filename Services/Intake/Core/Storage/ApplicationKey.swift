import DomainModel
import Storage

/// How a caller names an application.
enum ApplicationKey: Hashable, Sendable {
  case id(ID<Application>)
  /// 申请编号
  case number(String)
}

/// Which applications a caller reaches: a condition of every WHERE by which one is found for him.
enum Reach: Hashable, Sendable {
  /// An auditor's, and the approval service's.
  case everything
  /// Those he created and, for an applicant, those for him and those for his wards.
  case owned(by: String, citizenID: String?)
}

/// What a list says of an application; no personal data.
struct ApplicationSummary: Hashable, Sendable {
  var id: ID<Application>
  /// Empty for a draft.
  var number: String
  var state: ApplicationState
  var version: Int64
  var changedAt: Timestamp
  /// Empty where no permit is issued.
  var certificateIdentifier: String
}

/// An application as it is, and what is known of how it stood.
struct PastApplication: Sendable {
  var present: Application
  var standing: PastStanding
  /// Whether its form then was the one it has now.
  var hasSameForm: Bool
}
