/// The bounds of a batch.
enum BatchLimits {
  /// How many rows of a stream are under way at most; the next is not read before one was answered.
  static let rowsInFlightMax = 32
  /// How many rows one stream has at most.
  static let rowsMax = 50_000
  /// The longest key of a row, in characters.
  static let rowKeyCharactersMax = 64
  /// An id of a batch, in characters.
  static let batchIDCharacters = 16...64
}
