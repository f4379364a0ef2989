import DomainModel

/// `google.rpc.Status` with the details that this project sends: `ErrorInfo`, `BadRequest`,
/// `RetryInfo`, `LocalizedMessage`.
///
/// The whole header list that a common client accepts is 8 KiB (the gRPC C core's soft limit), and
/// every broken rule must be told at once; so a long list leaves out first the English sentences,
/// then the Chinese ones, and keeps each rule's field and machine code. A list whose codes alone
/// are too long, of more than a hundred rules, is cut, and says so.
enum StatusDetails {
  /// The longest details sent, before base64.
  static let bytesMax = 5600

  private static let typePrefix = "type.googleapis.com/google.rpc."
  private static let domain = "anju.zj.gov.cn"

  private enum Fullness: CaseIterable {
    case everything
    case chineseOnly
    case codesOnly
  }

  /// The details of an error; empty for one that has nothing beside code and message.
  static func bytes(of error: ServiceError) -> [UInt8] {
    if error.reason.isEmpty && error.violations.isEmpty && error.metadata.isEmpty
      && error.retryDelayMs == nil
    {
      return []
    }
    for fullness in Fullness.allCases {
      let bytes = self.write(error, fullness)
      if bytes.count <= self.bytesMax { return bytes }
    }
    return self.shortened(error)
  }

  /// Not even the codes fit: as many of them as do, and how many were left out.
  private static func shortened(_ error: ServiceError) -> [UInt8] {
    var part = error
    while !part.violations.isEmpty {
      part.violations.removeLast((part.violations.count + 7) / 8)
      let leftOut = error.violations.count - part.violations.count
      part.metadata["violations_left_out"] = "\(leftOut)"
      let bytes = self.write(part, .codesOnly)
      if bytes.count <= self.bytesMax { return bytes }
    }
    return []
  }

  private static func write(_ error: ServiceError, _ fullness: Fullness) -> [UInt8] {
    var status = ProtobufWriter()
    status.integer(1, Int64(error.code.rawValue))
    status.text(2, error.message)
    self.detail("ErrorInfo", in: &status) { info in
      info.text(1, error.reason)
      info.text(2, self.domain)
      for (key, value) in error.metadata.sorted(by: { $0.key < $1.key }) {
        info.message(3) { entry in
          entry.text(1, key)
          entry.text(2, value)
        }
      }
    }
    if let reason = ErrorReason(rawValue: error.reason) {
      self.detail("LocalizedMessage", in: &status) {
        self.localized(reason.chinese, to: &$0)
      }
    }
    if !error.violations.isEmpty {
      self.detail("BadRequest", in: &status) { request in
        for violation in error.violations {
          request.message(1) { self.write(violation, fullness, to: &$0) }
        }
      }
    }
    if let delay = error.retryDelayMs {
      self.detail("RetryInfo", in: &status) { info in
        info.message(1) { duration in
          duration.integer(1, delay / 1000)
          duration.integer(2, delay % 1000 * 1_000_000)
        }
      }
    }
    return status.bytes
  }

  private static func write(
    _ violation: ServiceError.Violation, _ fullness: Fullness, to writer: inout ProtobufWriter
  ) {
    writer.text(1, violation.field)
    if fullness == .everything { writer.text(2, violation.english) }
    writer.text(3, violation.reason)
    if fullness != .codesOnly && !violation.chinese.isEmpty {
      writer.message(4) { self.localized(violation.chinese, to: &$0) }
    }
  }

  private static func localized(_ chinese: String, to writer: inout ProtobufWriter) {
    writer.text(1, "zh-CN")
    writer.text(2, chinese)
  }

  private static func detail(
    _ name: String, in status: inout ProtobufWriter, _ write: (inout ProtobufWriter) -> Void
  ) {
    status.message(3) { any in
      any.text(1, self.typePrefix + name)
      any.message(2, write)
    }
  }
}
