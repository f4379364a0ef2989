import ServiceCore

extension CallLimits {
  /// Uploads: each holds two pieces of 256 KiB in memory.
  static let uploads = CallLimits(total: 16, ofApplicant: 2, ofOthers: 8)
  /// Downloads: the same.
  static let downloads = CallLimits(total: 16, ofApplicant: 2, ofOthers: 8)
  /// Watches: each reads one row a second.
  static let watches = CallLimits(total: 1_000, ofApplicant: 10, ofOthers: 500)
  /// Watches of all that an integrator submitted: each reads its changes as they come.
  static let feeds = CallLimits(total: 64, ofApplicant: 0, ofOthers: 16)
  /// Batches: each has `BatchLimits.rowsInFlightMax` rows under way.
  static let batches = CallLimits(total: 8, ofApplicant: 0, ofOthers: 2)
  /// Case files: each holds an archive of a few megabytes in memory.
  static let exports = CallLimits(total: 16, ofApplicant: 2, ofOthers: 4)
}
