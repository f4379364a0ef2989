/// One `.proto` file, as far as the generator needs to know it.
struct ProtoFile {
  var name: String
  var package: String
  var isProto3: Bool
  var hasExtensions: Bool
  var messages: [ProtoMessage]
  var enums: [ProtoEnum]
  var services: [ProtoService]
  /// The names of the files it imports.
  var imports: [String]
  /// The file as protoc compiled it, a `FileDescriptorProto` without comments and places.
  var descriptor: [UInt8]
}

struct ProtoMessage {
  var name: String
  /// With the package and the messages around it: `anju.model.v1.Address`.
  var fullName: String
  var comment: [String]
  var fields: [ProtoField]
  var oneofs: [ProtoOneof]
  var messages: [ProtoMessage]
  var enums: [ProtoEnum]
  var isMapEntry: Bool
  var hasExtensions: Bool
}

struct ProtoField {
  var name: String
  var number: Int32
  var isRepeated: Bool
  var type: ProtoType
  /// Index into the message's oneofs.
  var oneof: Int?
  var isProto3Optional: Bool
  var comment: [String]
}

/// A field's type; messages and enums by their full name.
enum ProtoType: Equatable {
  case number(swift: String)
  case bool
  case string
  case bytes
  case message(String)
  case `enum`(String)
  case group
}

struct ProtoOneof {
  var name: String
  var comment: [String]
}

struct ProtoEnum {
  var name: String
  var fullName: String
  var comment: [String]
  var values: [Value]

  struct Value {
    var name: String
    var number: Int32
    var comment: [String]
  }
}

struct ProtoService {
  var name: String
  var fullName: String
  var comment: [String]
  var methods: [Method]

  struct Method {
    var name: String
    var comment: [String]
    /// Full names of the messages that go in and come out.
    var input: String
    var output: String
    var clientStreams: Bool
    var serverStreams: Bool
  }
}
