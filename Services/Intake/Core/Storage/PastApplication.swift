import Storage

/// An application as it is, and what is known of how it stood.
struct PastApplication: Sendable {
  var present: Application
  var standing: PastStanding
  /// Whether its form then was the one it has now.
  var hasSameForm: Bool
  /// How the texts about it ended, until now.
  var deliveries: [NoticeDelivery]
}
