import DomainModel
import ServiceCore
import Storage

/// The rows of segments, and of receipts that came before the answer to their submit.
extension NotificationStore {
  /// Writes segments that are not there yet.
  func insert(_ transaction: Transaction, _ segments: [PlacedSegment]) throws {
    for chunk in RowChunks.exact(segments) {
      let rows = chunk.map { one in
        let (place, segment) = (one.place, one.segment)
        return """
          (\(place.message), \(place.number), \(one.position), \(one.gateway),
          \(segment.providerID), \(segment.state), \(segment.code), \(segment.receiptAt),
          \(segment.receipts))
          """ as SQL
      }
      try transaction.execute(
        """
        INSERT INTO segment (message_id, number, position, gateway, provider_id, state, code,
          receipt_at, receipts)
        VALUES \(list: rows) ON CONFLICT DO NOTHING
        """)
    }
  }

  /// The tries of these segments of which receipts have come early.
  func placesOfEarly(
    _ snapshot: Snapshot, _ segments: [PlacedSegment]
  ) throws -> Set<TryPlace> {
    var early: Set<String> = []
    for chunk in RowChunks.padded(segments.compactMap(\.segment.providerID)) {
      let rows = try snapshot.rows(
        """
        SELECT DISTINCT provider_id FROM early_receipt WHERE provider_id IN \(values: chunk)
        """)
      for row in rows { early.insert(try row.text("provider_id")) }
    }
    // Of whichever gateway; who takes them looks at that.
    let theirs = segments.filter { $0.segment.providerID.map(early.contains) ?? false }
    return Set(theirs.map(\.place))
  }

  /// The segments of a try by their places.
  func segments(
    _ snapshot: Snapshot, of place: TryPlace
  ) throws -> [(position: Int, segment: SegmentRecord)] {
    try snapshot.rows(
      """
      SELECT position, provider_id, state, code, receipt_at, receipts FROM segment
      WHERE message_id = \(place.message) AND number = \(place.number) ORDER BY position
      """
    ).map { (try $0.int("position"), try SegmentRecord($0)) }
  }

  /// A receipt changes what is known of a segment.
  func take(
    _ transaction: Transaction, _ receipt: EarlyReceipt, at position: Int, of place: TryPlace
  ) throws {
    let rows = try self.segments(transaction, of: place)
    guard var segment = rows.first(where: { $0.position == position })?.segment else { return }
    segment.receive(receipt.state, code: receipt.code, at: receipt.at)
    try self.update(transaction, segment, at: position, of: place)
  }

  func update(
    _ transaction: Transaction, _ segment: SegmentRecord, at position: Int, of place: TryPlace
  ) throws {
    try transaction.execute(
      """
      UPDATE segment SET provider_id = \(segment.providerID), state = \(segment.state),
        code = \(segment.code), receipt_at = \(segment.receiptAt), receipts = \(segment.receipts)
      WHERE message_id = \(place.message) AND number = \(place.number) AND position = \(position)
      """)
  }

  /// What the segments of a try say together by now; the ledger says so too.
  func judge(_ transaction: Transaction, _ place: TryPlace) throws -> TryVerdict {
    let verdict = TryVerdict(try self.segments(transaction, of: place).map(\.segment))
    try self.note(transaction, verdict, of: place)
    return verdict
  }

  /// The ledger says of a try what its segments say.
  func note(_ transaction: Transaction, _ verdict: TryVerdict, of place: TryPlace) throws {
    if verdict.state == .running { return }
    let code: String? = verdict.code.isEmpty ? nil : verdict.code
    try transaction.execute(
      """
      UPDATE attempt SET outcome = \(verdict.state.storedOutcome), stage = \(verdict.state),
        error_code = COALESCE(\(code), error_code)
      WHERE message_id = \(place.message) AND number = \(place.number)
      """)
  }

  /// Keeps a receipt whose segment nobody knows yet.
  func keepEarly(
    _ transaction: Transaction, _ receipt: EarlyReceipt, _ gateway: String, _ providerID: String,
    at now: Timestamp
  ) throws {
    try transaction.execute(
      """
      INSERT INTO early_receipt (gateway, provider_id, state, code, at, received_at)
      VALUES (\(gateway), \(providerID), \(receipt.state), \(receipt.code), \(receipt.at), \(now))
      """)
  }

  /// Takes the receipts for a segment out that came before it was known.
  func takeEarly(
    _ transaction: Transaction, _ gateway: String, _ providerID: String
  ) throws -> [EarlyReceipt] {
    let receipts = try transaction.rows(
      """
      SELECT state, code, at FROM early_receipt
      WHERE provider_id = \(providerID) AND gateway = \(gateway)
      ORDER BY receipt_id LIMIT \(Self.earlyMax)
      """
    ).map { row in
      EarlyReceipt(
        state: try row.choice("state"), code: try row.text("code"), at: try row.timestamp("at"))
    }
    if !receipts.isEmpty {
      try transaction.execute(
        """
        DELETE FROM early_receipt WHERE provider_id = \(providerID) AND gateway = \(gateway)
        """)
    }
    return receipts
  }

  /// How many early receipts of one segment are looked at: the first and its repeats.
  private static let earlyMax = 16
}

/// A segment, where it stands, and by which gateway it went.
struct PlacedSegment: Hashable, Sendable {
  let place: TryPlace
  let position: Int
  let gateway: String
  var segment: SegmentRecord
}

/// What a receipt says, without whom of.
struct EarlyReceipt: Hashable, Sendable {
  let state: TryState
  let code: String
  let at: Timestamp
}

extension SegmentRecord {
  init(_ row: Row) throws {
    self.init(
      providerID: try row.optionalText("provider_id"), state: try row.choice("state"),
      code: try row.text("code"), receiptAt: try row.optionalTimestamp("receipt_at"),
      receipts: try row.int("receipts"))
  }
}
