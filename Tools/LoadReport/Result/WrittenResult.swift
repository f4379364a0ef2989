internal import FoundationEssentials

/// What is written as JSON with a version and read again: one object, keys sorted, units in the
/// keys' names.
protocol WrittenResult: Codable {
  /// The version of the written form; raised with every change that an older reader would misread.
  static var versionNow: Int { get }
  /// What it is, for whoever reads something else.
  static var noun: String { get }
}

extension WrittenResult {
  func written() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// Reads what `written()` wrote, now or in an earlier version. Throws a `ResultError` that says
  /// what is wrong and where: no JSON, something else, a newer version, a value that cannot be.
  init(written json: [UInt8]) throws {
    let decoder = JSONDecoder()
    do {
      let version = try decoder.decode(WrittenVersion.self, from: Data(json)).version
      guard (1...Self.versionNow).contains(version) else {
        throw ResultError(
          "the \(Self.noun) is of version \(version); this program reads up to \(Self.versionNow)")
      }
      self = try decoder.decode(Self.self, from: Data(json))
    } catch let error as DecodingError {
      throw ResultError("this is no \(Self.noun): \(error.sentence)")
    } catch let error as ScheduleError {
      throw ResultError("this is no \(Self.noun): \(error)")
    }
  }
}

/// The part that every version has.
private struct WrittenVersion: Decodable {
  var version: Int
}

extension DecodingError {
  fileprivate var sentence: String {
    switch self {
    case .keyNotFound(let key, let context):
      "\(Self.place(context.codingPath + [key])) is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "\(Self.place(context.codingPath)) is not of the right type"
    case .dataCorrupted(let context):
      context.codingPath.isEmpty
        ? "it is no JSON" : "\(Self.place(context.codingPath)) has a value that cannot be"
    @unknown default: "it cannot be read"
    }
  }

  private static func place(_ path: [any CodingKey]) -> String {
    if path.isEmpty { return "the whole" }
    return path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
      .drop { $0 == "." }.description
  }
}
