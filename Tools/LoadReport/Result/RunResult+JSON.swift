internal import FoundationEssentials

extension RunResult {
  /// The result as JSON: one object, keys sorted, units in the keys' names.
  package func json() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// Reads what `json()` wrote, now or in an earlier version. Throws a `ResultError` that says what
  /// is wrong and where: no JSON, no result, a newer version, a value that cannot be.
  package init(json: [UInt8]) throws {
    let decoder = JSONDecoder()
    do {
      let version = try decoder.decode(Written.self, from: Data(json)).version
      guard (1...Self.versionNow).contains(version) else {
        throw ResultError(
          "the result is of version \(version); this program reads up to \(Self.versionNow)")
      }
      self = try decoder.decode(RunResult.self, from: Data(json))
    } catch let error as DecodingError {
      throw ResultError("this is no load result: \(Self.sentence(of: error))")
    } catch let error as ScheduleError {
      throw ResultError("this is no load result: \(error)")
    }
  }

  /// The part that every version has.
  private struct Written: Decodable {
    var version: Int
  }

  private static func sentence(of error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, let context):
      "\(self.place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(self.place(context.codingPath)) is not of the right type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is no JSON" : "\(self.place(context.codingPath)) has a value that cannot be"
    @unknown default: "it cannot be read"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    if path.isEmpty { return "the whole" }
    return path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      .drop { $0 == "." }.description
  }
}
