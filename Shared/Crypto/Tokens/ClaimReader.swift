internal import DomainModel

/// Reads claims of a token: each is absent, or of its type and within bounds.
struct ClaimReader {
  /// The longest text of a claim, in bytes.
  static let textBytesMax = 64
  /// The latest instant that a claim can name: the end of the year 9999, in seconds since 1970.
  static let secondsMax: Double = 253_402_300_799

  let object: JSONObject
  /// What stands before the names in errors.
  var path = ""

  /// A text of 1 to 64 bytes without control characters; nil where it is absent.
  func text(_ name: String) throws(TokenError) -> String? {
    switch self.object[name] {
    case .absent: return nil
    case .text(let text):
      let isPlain = text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
      guard (1...Self.textBytesMax).contains(text.utf8.count), isPlain else {
        throw self.invalid(name)
      }
      return text
    default: throw self.invalid(name)
    }
  }

  /// A text that must be there.
  func requiredText(_ name: String) throws(TokenError) -> String {
    guard let text = try self.text(name) else { throw self.invalid(name) }
    return text
  }

  /// A NumericDate (RFC 7519, section 2): seconds since 1970; nil where it is absent.
  func instant(_ name: String) throws(TokenError) -> Timestamp? {
    switch self.object[name] {
    case .absent: return nil
    case .number(let seconds):
      guard (0...Self.secondsMax).contains(seconds) else { throw self.invalid(name) }
      return Timestamp(milliseconds: Int64(seconds * 1000))
    default: throw self.invalid(name)
    }
  }

  /// An object; nil where it is absent.
  func object(_ name: String) throws(TokenError) -> ClaimReader? {
    switch self.object[name] {
    case .absent: return nil
    case .object(let object): return ClaimReader(object: object, path: "\(self.path)\(name).")
    default: throw self.invalid(name)
    }
  }

  /// Whether a claim is this text, or a list of texts with it (RFC 7519, 4.1.3).
  func names(_ name: String, _ text: String) -> Bool {
    switch self.object[name] {
    case .text(let only): only == text
    case .array(let fields):
      fields.contains { if case .text(let one) = $0 { one == text } else { false } }
    case .absent, .number, .object, .other: false
    }
  }

  func invalid(_ name: String) -> TokenError { .claimInvalid(self.path + name) }
}

extension TokenClaims {
  /// Reads the claims about the caller.
  init(_ reader: ClaimReader) throws(TokenError) {
    self.init(
      subject: try reader.requiredText("sub"), kind: try reader.requiredText("kind"),
      person: try reader.text("person"), role: try reader.text("role"),
      office: try reader.text("office"))
    if let act = try reader.object("act") {
      guard let capacity = ActingCapacity(rawValue: try act.requiredText("as")) else {
        throw act.invalid("as")
      }
      self.act = Act(
        subject: try act.requiredText("sub"), capacity: capacity, person: try act.text("person"))
    }
    self.assurance = try reader.text("acr")
    self.loggedInAt = try reader.instant("auth_time")
    self.faceCheckedAt = try reader.instant("face_at")
  }

  /// Writes the claims about the caller.
  func write(to object: JSONObject) {
    object.set("sub", self.subject)
    object.set("kind", self.kind)
    if let person { object.set("person", person) }
    if let role { object.set("role", role) }
    if let office { object.set("office", office) }
    if let act {
      let actor = JSONObject()
      actor.set("sub", act.subject)
      actor.set("as", act.capacity.rawValue)
      if let person = act.person { actor.set("person", person) }
      object.set("act", actor)
    }
    if let assurance { object.set("acr", assurance) }
    if let loggedInAt { object.set("auth_time", loggedInAt.seconds) }
    if let faceCheckedAt { object.set("face_at", faceCheckedAt.seconds) }
  }
}

extension Timestamp {
  /// Whole seconds since 1970, as tokens write instants.
  var seconds: Int64 { self.milliseconds / 1000 }
}
