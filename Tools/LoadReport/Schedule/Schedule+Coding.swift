extension Schedule: Codable {
  private enum KindKey: String, CodingKey {
    case kind
  }

  /// Reads `{"kind": "constant", "rate_per_s": 200, "seconds": 60}` and its likes. Throws a
  /// `ScheduleError` with every key that is unknown or missing, or every value out of bounds.
  package init(from decoder: any Decoder) throws {
    let kind = try Self.kind(of: decoder)
    guard let read = Self.readers[kind] else {
      let known = Self.readers.keys.sorted().joined(separator: ", ")
      throw ScheduleError(reasons: ["kind is \"\(kind)\"; it must be one of \(known)"])
    }
    try self.init(read(decoder))
  }

  private static func kind(of decoder: any Decoder) throws -> String {
    do {
      return try decoder.container(keyedBy: KindKey.self).decode(String.self, forKey: .kind)
    } catch is DecodingError {
      throw ScheduleError(reasons: ["kind is missing or no text"])
    }
  }

  private static let readers: [String: @Sendable (any Decoder) throws -> LoadShape] = [
    "constant": { .constant(try Self.read(ConstantRate.self, $0)) },
    "steps": { .steps(try Self.read(RateSteps.self, $0)) },
    "ramp": { .ramp(try Self.read(RateRamp.self, $0)) },
    "first_morning": { .firstMorning(try Self.read(FirstMorning.self, $0)) },
    "endorsement_wave": { .endorsementWave(try Self.read(EndorsementWave.self, $0)) },
  ]

  private static func read<Shape: ShapeParameters>(
    _ shape: Shape.Type, _ decoder: any Decoder
  ) throws -> Shape {
    let keys = try StrictKeys(decoder)
    let reasons = keys.refusals(required: ["kind"] + Shape.keys)
    guard reasons.isEmpty else { throw ScheduleError(reasons: reasons) }
    do {
      return try Shape(from: decoder)
    } catch DecodingError.typeMismatch(_, let context) {
      let key = context.codingPath.last { $0.intValue == nil }?.stringValue ?? "a value"
      throw ScheduleError(reasons: ["\(key) is not of the right type"])
    } catch DecodingError.dataCorrupted(let context) {
      let key = context.codingPath.last { $0.intValue == nil }?.stringValue ?? "a value"
      throw ScheduleError(reasons: ["\(key) is not of the right type"])
    } catch DecodingError.valueNotFound(_, let context) {
      let key = context.codingPath.last { $0.intValue == nil }?.stringValue ?? "a value"
      throw ScheduleError(reasons: ["\(key) is null"])
    }
  }

  /// Writes what a scenario would say.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: KindKey.self)
    try container.encode(self.shape.kind, forKey: .kind)
    try self.shape.parameters.encode(to: encoder)
  }
}
