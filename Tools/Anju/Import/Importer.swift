import DomainModel
import RPC
import ToolKit
import Wire

/// Sends rows, a few at a time, and says what became of each in their order.
struct Importer {
  /// How often a row is sent while the service is busy or away.
  static let triesMax = 8
  /// How long it waits before the second try, in milliseconds, and at most; each pause doubles.
  static let pauseMs = 100
  static let pauseMsMax = 5_000

  /// A row and the line it stands in.
  struct Numbered {
    let line: Int
    let row: ImportRow
  }

  let services: Services
  /// Begins the idempotency key of each row: a run sends a row again under its key, another run
  /// sends it under another one, and is told what stands already.
  let run: String

  /// What became of rows. Those of one person are sent one after the other, so that
  /// what a file says of somebody happens in its order. Throws what would meet the rows that follow
  /// as well: the service is away or does not let the caller in.
  func outcomes(of rows: [Numbered]) async throws -> [RowOutcome] {
    let options = try self.services.options(as: .registrationSystem)
    return try await withThrowingTaskGroup(of: [RowOutcome].self) { group in
      for ofOne in Dictionary(grouping: rows, by: \.row.citizenID).values {
        group.addTask {
          var outcomes: [RowOutcome] = []
          for row in ofOne { outcomes.append(try await self.outcome(of: row, options)) }
          return outcomes
        }
      }
      var outcomes: [RowOutcome] = []
      for try await ofOne in group { outcomes += ofOne }
      return outcomes
    }
  }

  private func outcome(of numbered: Numbered, _ options: CallOptions) async throws -> RowOutcome {
    var pauseMs = Self.pauseMs
    for attempt in 1... {
      do {
        return try await self.send(numbered, options)
      } catch let error as ServiceError where error.retry == .never {
        return RowOutcome(line: numbered.line, record: numbered.row.record, error)
      } catch let error as ServiceError
        where error.retry == .soon && attempt < Self.triesMax
      {
        try await Task.sleep(for: .milliseconds(pauseMs))
        pauseMs = min(pauseMs * 2, Self.pauseMsMax)
      }
    }
    preconditionFailure("a row is sent until it has an answer")
  }

  private func send(_ numbered: Numbered, _ options: CallOptions) async throws -> RowOutcome {
    let key = "\(self.run)-\(numbered.line)"
    switch numbered.row {
    case .permit(var request):
      request.idempotencyKey = key
      let answer = try await self.services.registry.importPermit(request, options: options)
      return RowOutcome(
        line: numbered.line, record: numbered.row.record,
        id: answer.permit?.certificateIdentifier ?? "", stoodAlready: answer.stoodAlready)
    case .registration(var request):
      request.idempotencyKey = key
      let answer = try await self.services.registry.recordRegistration(request, options: options)
      return RowOutcome(
        line: numbered.line, record: numbered.row.record,
        id: answer.registration?.registrationID ?? "", stoodAlready: answer.stoodAlready)
    }
  }
}
