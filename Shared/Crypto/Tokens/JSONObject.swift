internal import CJose
internal import Glibc

/// A JSON object of libjansson's, freed with the last user of this one.
///
/// It is written only before it is shared. After that libjansson may read it on any thread: its
/// reference counts are atomic.
final class JSONObject: @unchecked Sendable {
  /// What stands under a name.
  enum Field {
    case absent
    case text(String)
    case number(Double)
    case object(JSONObject)
    case array([Field])
    /// `null`, `true` or `false`.
    case other
  }

  let pointer: UnsafeMutablePointer<json_t>

  /// An object without a field.
  init() {
    guard let pointer = json_object() else { preconditionFailure("libjansson has no memory") }
    self.pointer = pointer
  }

  /// Reads an object; nil for bytes that are none, or in which an object has one name twice: two
  /// readers could take a different one of the two.
  init?(parsing bytes: [UInt8]) {
    let parsed = bytes.withUnsafeBytes { bytes in
      json_loadb(
        bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count,
        Int(JSON_REJECT_DUPLICATES), nil)
    }
    guard let parsed else { return nil }
    guard parsed.pointee.type == JSON_OBJECT else {
      json_decref(parsed)
      return nil
    }
    self.pointer = parsed
  }

  /// An object that is a part of another; both live as long as one of them is used.
  private init(sharing pointer: UnsafeMutablePointer<json_t>) {
    self.pointer = json_incref(pointer)
  }

  deinit { json_decref(self.pointer) }

  /// The field of a name.
  subscript(_ name: String) -> Field {
    guard let value = json_object_get(self.pointer, name) else { return .absent }
    return Self.field(value)
  }

  /// The text under a name; nil where there is none or something else.
  func text(_ name: String) -> String? {
    if case .text(let text) = self[name] { text } else { nil }
  }

  /// Writes a text.
  func set(_ name: String, _ text: String) {
    var text = text
    self.set(
      name,
      text.withUTF8 { bytes in
        json_stringn(
          UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self), bytes.count)
      })
  }

  /// Writes a whole number.
  func set(_ name: String, _ number: Int64) {
    self.set(name, json_integer(json_int_t(number)))
  }

  /// Writes an object; it must not be written to any more.
  func set(_ name: String, _ object: JSONObject) {
    self.set(name, json_incref(object.pointer))
  }

  /// The object as text, its fields sorted by name.
  func bytes() -> [UInt8] {
    guard let text = json_dumps(self.pointer, Int(JSON_COMPACT | JSON_SORT_KEYS)) else {
      preconditionFailure("libjansson has no memory")
    }
    defer { free(text) }
    return Array(UnsafeRawBufferPointer(start: text, count: strlen(text)))
  }

  private func set(_ name: String, _ value: UnsafeMutablePointer<json_t>?) {
    // It takes the value over, also where it fails.
    guard json_object_set_new(self.pointer, name, value) == 0 else {
      preconditionFailure("libjansson has no memory")
    }
  }

  private static func field(_ value: UnsafeMutablePointer<json_t>) -> Field {
    switch value.pointee.type {
    case JSON_STRING:
      guard let start = json_string_value(value) else { return .other }
      let bytes = UnsafeRawBufferPointer(start: start, count: json_string_length(value))
      return .text(String(decoding: bytes, as: UTF8.self))
    case JSON_INTEGER, JSON_REAL: return .number(json_number_value(value))
    case JSON_OBJECT: return .object(JSONObject(sharing: value))
    case JSON_ARRAY:
      return .array(
        (0..<json_array_size(value)).map { index in
          json_array_get(value, index).map(Self.field) ?? .other
        })
    default: return .other
    }
  }
}
