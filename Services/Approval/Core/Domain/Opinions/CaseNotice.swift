import DomainModel

/// A once-only notice (一次性告知): everything that is missing, told once
/// (Regulation of Residence Permits, Art. 9).
struct CaseNotice: Hashable, Sendable {
  /// The round of the case it was given in: 1, 2, 3 …
  var round: Int
  /// The stage that gave it: accept or review.
  var stage: Stage
  var notifiedAt: Timestamp
  /// When the supplement was complete; nil while it is awaited.
  var supplementedAt: Timestamp?
  /// When its term was over without a supplement; nil before, and where one came in time.
  var lapsedAt: Timestamp?
}
