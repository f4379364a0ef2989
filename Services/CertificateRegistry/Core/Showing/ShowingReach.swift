import DomainModel
import ServiceCore

/// What a caller reaches of that of which papers are made.
enum ShowingReach: Hashable, Sendable {
  /// What an officer or one of our services does.
  case office(RegistryReach)
  /// What is the person's own, by the citizen number that the login proved.
  case holder(String)
}
