import DomainModel
import Glibc
import Wire

/// What a case found to be otherwise than its description says.
struct Unexpected: Error, CustomStringConvertible {
  let description: String
}

/// Throws unless both are equal.
func expect<Value: Equatable>(_ found: Value, is expected: Value, _ what: String) throws {
  guard found == expected else {
    throw Unexpected(description: "\(what): expected \(expected), found \(found)")
  }
}

/// Throws unless it is so.
func expect(_ isSo: Bool, _ what: String) throws {
  guard isSo else { throw Unexpected(description: "not so: \(what)") }
}

/// Runs a call that must fail; returns its error, whose status must be `code`.
@discardableResult
func expectStatus(
  _ code: ServiceError.Code, _ what: String, _ call: () async throws -> Void
) async throws -> ServiceError {
  do {
    try await call()
  } catch let error as ServiceError {
    try expect(error.code, is: code, "\(what) (\(error.message))")
    return error
  }
  throw Unexpected(description: "\(what): expected \(code), but the call succeeded")
}

/// Throws unless the payload has `size` zeroes.
func expectZeroes(_ payload: GrpcTesting.Payload?, _ size: Int, _ what: String) throws {
  let body = payload?.body ?? []
  try expect(body.count, is: size, "\(what): bytes of payload")
  // Each byte is the next one and the first is zero: a loop would take most of a soak's time.
  let isZeroes = body.withUnsafeBytes { bytes in
    guard let base = bytes.baseAddress, bytes.count > 0 else { return true }
    return bytes[0] == 0 && memcmp(base, base + 1, bytes.count - 1) == 0
  }
  try expect(isZeroes, "\(what): the payload is all zeroes")
}
