import Crypto
import DomainModel
import RPC
import ServiceCore
import Storage
import Synchronization
import Wire

extension IntakeHandlers {
  /// Takes rows and answers each in its order. A row's answer is kept with its effect under a key
  /// made of batch and row, also that it was refused: so a batch that begins again gets the same
  /// answers, and each row is done once.
  ///
  /// What is no decision about a row, such as a store that is away, ends the stream; the rows
  /// before it are done, and the caller begins again.
  func submitBatch(
    _ requests: RequestStream<IntakeV1.SubmitBatchRequest>,
    _ responses: ResponseWriter<IntakeV1.SubmitBatchResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    let batch = try await Self.batchID(of: requests)
    try self.batches.take(for: caller)
    defer { self.batches.giveBack(by: caller) }
    let count = Mutex(0)
    let rows = OrderedWork<IntakeV1.BatchRow, IntakeV1.BatchRowResult>(
      width: BatchLimits.rowsInFlightMax,
      next: { try await self.nextRow(of: requests, count) },
      work: { try await self.result(of: $0, in: batch, context) })
    try await rows.run { try await responses.write(.init(result: $0)) }
  }

  private static func batchID(
    of requests: RequestStream<IntakeV1.SubmitBatchRequest>
  ) async throws -> String {
    var stream = requests.makeAsyncIterator()
    guard case .header(let header) = try await stream.next()?.part else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "header")])
    }
    guard BatchLimits.batchIDCharacters.contains(header.batchID.count) else {
      throw ServiceError(
        .requestInvalid,
        violations: [DefectReason.numberOutOfRange.violation(at: "header.batch_id")])
    }
    return header.batchID
  }

  /// The next row, nil after the last. Throws `BATCH_TOO_LONG`, and `SERVICE_STOPPING` so that the
  /// caller goes on elsewhere.
  private func nextRow(
    of requests: RequestStream<IntakeV1.SubmitBatchRequest>, _ count: borrowing Mutex<Int>
  ) async throws -> IntakeV1.BatchRow? {
    if self.parts.store.signals.isFinished {
      throw ServiceError(.serviceStopping, retryDelayMs: CallSlots.retryDelayMs)
    }
    var stream = requests.makeAsyncIterator()
    guard let message = try await stream.next() else { return nil }
    guard case .row(let row) = message.part else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "row")])
    }
    let number = count.withLock { count in
      count += 1
      return count
    }
    if number > BatchLimits.rowsMax {
      throw ServiceError(.batchTooLong, metadata: ["rows_max": String(BatchLimits.rowsMax)])
    }
    return row
  }

  /// What became of a row, now or when it was done.
  private func result(
    of row: IntakeV1.BatchRow, in batch: String, _ context: CallContext
  ) async throws -> IntakeV1.BatchRowResult {
    guard (1...BatchLimits.rowKeyCharactersMax).contains(row.rowKey.count) else {
      let violation = DefectReason.numberOutOfRange.violation(at: "row_key")
      return .init(
        refused: row.rowKey, ServiceError(.requestInvalid, violations: [violation]))
    }
    let digest = try DigestAlgorithm.sha256.digest(Array("\(batch)\n\(row.rowKey)".utf8))
    let call = try self.once.call(row, key: Hex.encode(digest), context)
    do {
      if let first: IntakeV1.BatchRowResult = try await self.once.firstAnswer(to: call) {
        return first
      }
      return try await self.once.answer(call) { try await self.done(row, $0, context) }
    } catch let refusal as ServiceError where refusal.retry != .soon {
      let answer = IntakeV1.BatchRowResult(refused: row.rowKey, refusal)
      // A right that is missing may be given, and a key that was used says nothing of this row.
      guard refusal.retry == .never, refusal.reason != ErrorReason.idempotencyKeyReused.rawValue
      else { return answer }
      return try await call.commit { _, _ in answer }
    }
  }

  private func done(
    _ row: IntakeV1.BatchRow, _ call: MutatingCall, _ context: CallContext
  ) async throws -> IntakeV1.BatchRowResult {
    switch row.content {
    case .lead(let lead): return try await self.keep(lead, of: row.rowKey, call)
    case .registration(let registration):
      return try await self.register(registration, of: row.rowKey, call, context)
    case .prepared(let prepared):
      return try await self.submit(prepared, of: row.rowKey, call, context)
    case nil:
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.fieldMissing.violation(at: "content")])
    }
  }
}

extension IntakeV1.BatchRowResult {
  /// A row that was refused, with everything that is wrong with it.
  init(refused rowKey: String, _ error: ServiceError) {
    self.init(
      rowKey: rowKey, outcome: .refused,
      refusal: IntakeV1.BatchRefusal(
        reason: error.reason,
        violations: error.violations.map { .init(field: $0.field, reason: $0.reason) },
        failedRules: (error.metadata[Self.failedRules] ?? "").split(separator: ",").map(
          String.init),
        metadata: error.metadata.filter { $0.key != Self.failedRules }
          .sorted { $0.key < $1.key }.map { ModelV1.Fact(name: $0.key, value: $0.value) }))
  }
}
