import DomainModel

/// What the queue goes by, beside what a message says itself.
struct QueueRules: Sendable {
  /// What holds for each class.
  var classes: MessageClasses
  /// Whose a number is.
  var operators: MobileOperators
  /// How much one number gets.
  var limits = SendingLimits()
  /// How many messages may be queued at most.
  var queuedMax = 20_000_000
}
