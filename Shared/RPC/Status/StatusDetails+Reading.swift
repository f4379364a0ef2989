import DomainModel

extension StatusDetails {
  /// Fills `error` from a peer's `google.rpc.Status`; details it does not know are left out.
  static func read(_ bytes: [UInt8], into error: inout ServiceError) {
    var status = ProtobufReader(bytes[...])
    while let (field, value) = status.next() {
      guard field == 3, case .chunk(let any) = value else { continue }
      var type = ""
      var content: ArraySlice<UInt8> = []
      var reader = ProtobufReader(any)
      while let (field, value) = reader.next() {
        if field == 1 { type = value.text }
        if field == 2, case .chunk(let chunk) = value { content = chunk }
      }
      switch type.split(separator: "/").last {
      case "google.rpc.ErrorInfo": self.readInfo(content, into: &error)
      case "google.rpc.BadRequest": self.readViolations(content, into: &error)
      case "google.rpc.RetryInfo": self.readDelay(content, into: &error)
      default: break
      }
    }
  }

  private static func readInfo(_ bytes: ArraySlice<UInt8>, into error: inout ServiceError) {
    var info = ProtobufReader(bytes)
    while let (field, value) = info.next() {
      if field == 1 { error.reason = value.text }
      if field == 3, case .chunk(let entry) = value {
        let (key, text) = self.pair(entry)
        error.metadata[key] = text
      }
    }
  }

  private static func readViolations(_ bytes: ArraySlice<UInt8>, into error: inout ServiceError) {
    var request = ProtobufReader(bytes)
    while let (field, value) = request.next() {
      guard field == 1, case .chunk(let chunk) = value else { continue }
      var violation = ServiceError.Violation(field: "", reason: "", english: "", chinese: "")
      var reader = ProtobufReader(chunk)
      while let (field, value) = reader.next() {
        switch field {
        case 1: violation.field = value.text
        case 2: violation.english = value.text
        case 3: violation.reason = value.text
        case 4:
          if case .chunk(let localized) = value { violation.chinese = self.pair(localized).1 }
        default: break
        }
      }
      error.violations.append(violation)
    }
  }

  private static func readDelay(_ bytes: ArraySlice<UInt8>, into error: inout ServiceError) {
    var info = ProtobufReader(bytes)
    guard let (field, value) = info.next(), field == 1, case .chunk(let chunk) = value else {
      return
    }
    // A peer may send any number: what cannot be added up is taken as the longest delay.
    var delay: Int64 = 0
    var duration = ProtobufReader(chunk)
    while let (field, value) = duration.next() {
      guard case .integer(let number) = value else { continue }
      if field == 1 { delay += min(max(number, 0), self.delaySecondsMax) * 1000 }
      if field == 2 { delay += min(max(number, 0), 999_999_999) / 1_000_000 }
    }
    error.retryDelayMs = delay
  }

  /// The longest delay read from a peer, in seconds: a day.
  private static let delaySecondsMax: Int64 = 86_400

  /// The texts of fields 1 and 2: a map entry, or a `LocalizedMessage`.
  private static func pair(_ bytes: ArraySlice<UInt8>) -> (String, String) {
    var pair = ("", "")
    var reader = ProtobufReader(bytes)
    while let (field, value) = reader.next() {
      if field == 1 { pair.0 = value.text }
      if field == 2 { pair.1 = value.text }
    }
    return pair
  }
}
