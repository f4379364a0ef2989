import DomainModel
import Papers
import RPC
import ServiceCore
import Wire

extension IntakeHandlers {
  /// How many bytes of an archive one answer has.
  static let exportChunkBytes = 65_536

  /// Streams the whole file of an application that has ended. It is held against its seal first, so
  /// that nothing damaged is handed over as the file.
  func exportCaseFile(
    _ request: IntakeV1.ExportCaseFileRequest,
    _ responses: ResponseWriter<IntakeV1.ExportCaseFileResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    try self.exports.take(for: caller)
    defer { self.exports.giveBack(by: caller) }
    let file = try await self.store.caseFile(
      ID(request.applicationID), within: Reach(of: context))
    let archive = CaseArchive(file: file, papers: try self.papers(of: file.application))
    let printed = try await self.press.make(for: caller) { try archive.bytes($0) }
    for start in stride(from: 0, to: printed.bytes.count, by: Self.exportChunkBytes) {
      let end = min(start + Self.exportChunkBytes, printed.bytes.count)
      try await responses.write(.init(chunk: Array(printed.bytes[start..<end])))
    }
  }

  /// Every paper that there is of an application.
  private func papers(
    of application: Application
  ) throws -> [(name: String, paper: UnmadePaper)] {
    var wanted: [(String, PaperKind)] = [
      ("form.pdf", .form), ("receipt.pdf", .receipt), ("acceptance.pdf", .acceptance),
      ("kinship.pdf", .kinship),
    ]
    for (index, notice) in application.notices.enumerated() {
      wanted.append(("notice-\(index + 1).pdf", .notice(round: notice.round)))
    }
    wanted += [
      ("non-acceptance.pdf", .nonAcceptance), ("refusal.pdf", .refusal),
      ("cancellation.pdf", .cancellation),
    ]
    return try wanted.compactMap { name, kind in
      do {
        return (name, try self.paper(kind, of: application))
      } catch let error as ServiceError where error.reason == ErrorReason.documentNotThere.rawValue
      {
        return nil
      }
    }
  }
}
