internal import Crypto
internal import Documents
internal import DomainModel
public import RPC
public import ServiceCore
internal import Synchronization

/// Where a service's papers are made: few at once, because each holds 30 to 40 MB while it is made,
/// and on threads that nothing else waits for, because each takes up to 90 ms.
public struct PaperPress: Sendable {
  /// How many papers are made at once.
  public static let threads = 2
  /// How many wait or are made in one process; one more is refused with `OVERLOADED`.
  public static let papersMax = 64
  /// How many of them one applicant, and how many any other caller may have.
  public static let limits = CallLimits(total: Self.papersMax, ofApplicant: 2, ofOthers: 32)

  private let printer: PrinterSource
  private let pool: any WorkPool
  private let slots = CallSlots(Self.limits)

  /// A press on a pool of `threads`. Throws where fonts are missing, with the packages that have
  /// them: a process that cannot print does not start.
  public init(on pool: any WorkPool) throws {
    self.init(whenAskedOn: pool)
    _ = try self.printer.printer()
  }

  /// A press that opens its fonts with the first paper, for a process that prints seldom and shall
  /// be small until then. Where fonts are missing that paper's call fails with `INTERNAL`, and the
  /// log names them.
  public init(whenAskedOn pool: any WorkPool) {
    self.printer = PrinterSource()
    self.pool = pool
  }

  /// The paper that `make` gives, made on the pool.
  ///
  /// Throws `OVERLOADED` where too much waits, `PAPER_CHARACTERS_MISSING` with the code points,
  /// `REQUEST_INVALID` of a photo that cannot be drawn, and what `make` throws.
  public func make(
    for caller: Caller, _ make: @escaping @Sendable (PaperPrinter) throws -> [UInt8]
  ) async throws -> PrintedPaper {
    try self.slots.take(for: caller)
    defer { self.slots.giveBack(by: caller) }
    let source = self.printer
    return try await self.pool.run {
      do {
        let bytes = try make(source.printer())
        return PrintedPaper(bytes: bytes, sha256: try DigestAlgorithm.sha256.digest(bytes))
      } catch let error as DocumentError {
        throw ServiceError.telling(error)
      }
    }
  }
}

/// A paper as it is handed out.
public struct PrintedPaper: Hashable, Sendable {
  /// The file.
  public let bytes: [UInt8]
  /// SHA-256 of it, 32 bytes.
  public let sha256: [UInt8]
}

/// Opens the fonts once, when they are needed first.
private final class PrinterSource: Sendable {
  private let opened = Mutex<PaperPrinter?>(nil)

  func printer() throws -> PaperPrinter {
    try self.opened.withLock { opened in
      if let opened { return opened }
      let printer = PaperPrinter(DocumentRenderer(try DocumentFonts.load()))
      opened = printer
      return printer
    }
  }
}

extension ServiceError {
  /// What a caller can do about a paper that was not made; what it can do nothing about stays as it
  /// is, and is `INTERNAL` to it.
  fileprivate static func telling(_ error: DocumentError) -> any Error {
    switch error {
    case .charactersMissing(let scalars):
      let names = scalars.map { "U+" + String($0.value, radix: 16, uppercase: true) }
      return ServiceError(
        .paperCharactersMissing, metadata: ["characters": names.joined(separator: " ")])
    case .pictureBroken:
      return ServiceError(
        .requestInvalid, violations: [DefectReason.materialUnreadable.violation(at: "photo")])
    default: return error
    }
  }
}
