import CDescriptor

/// Reads a descriptor set, which is itself a protobuf message, with protobuf-c.
///
/// The set comes from protoc on our own files, so it is trusted: protobuf-c has no nesting limit.
enum DescriptorReader {
  static func files(in bytes: [UInt8]) throws -> [ProtoFile] {
    guard let set = google__protobuf__file_descriptor_set__unpack(nil, bytes.count, bytes) else {
      throw Refusal(file: "descriptor set", element: "", reason: "cannot be read")
    }
    defer { google__protobuf__file_descriptor_set__free_unpacked(set, nil) }
    return list(set.pointee.n_file, set.pointee.file).map { file($0) }
  }

  private static func file(
    _ compiled: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>
  ) -> ProtoFile {
    let c = compiled.pointee
    let package = text(c.package)
    let comments = Comments(c.source_code_info)
    return ProtoFile(
      name: text(c.name), package: package, isProto3: text(c.syntax) == "proto3",
      hasExtensions: c.n_extension > 0,
      messages: list(c.n_message_type, c.message_type).enumerated().map {
        message($1.pointee, in: package, at: [4, Int32($0)], comments)
      },
      enums: list(c.n_enum_type, c.enum_type).enumerated().map {
        `enum`($1.pointee, in: package, at: [5, Int32($0)], comments)
      },
      services: list(c.n_service, c.service).enumerated().map {
        service($1.pointee, in: package, at: [6, Int32($0)], comments)
      },
      imports: (0..<c.n_dependency).map { text(c.dependency[$0]) },
      descriptor: packed(compiled))
  }

  /// The file's own bytes again, without its comments and places: they are most of it, and nobody
  /// who asks a server for its contract needs them.
  private static func packed(
    _ c: UnsafeMutablePointer<Google__Protobuf__FileDescriptorProto>
  ) -> [UInt8] {
    let info = c.pointee.source_code_info
    c.pointee.source_code_info = nil
    defer { c.pointee.source_code_info = info }
    let count = google__protobuf__file_descriptor_proto__get_packed_size(c)
    return [UInt8](unsafeUninitializedCapacity: count) { bytes, written in
      written = google__protobuf__file_descriptor_proto__pack(c, bytes.baseAddress)
    }
  }

  private static func message(
    _ c: Google__Protobuf__DescriptorProto, in scope: String, at path: [Int32], _ comments: Comments
  ) -> ProtoMessage {
    let fullName = join(scope, text(c.name))
    return ProtoMessage(
      name: text(c.name), fullName: fullName, comment: comments[path],
      fields: list(c.n_field, c.field).enumerated().map {
        field($1.pointee, comment: comments[path + [2, Int32($0)]])
      },
      oneofs: list(c.n_oneof_decl, c.oneof_decl).enumerated().map {
        ProtoOneof(name: text($1.pointee.name), comment: comments[path + [8, Int32($0)]])
      },
      messages: list(c.n_nested_type, c.nested_type).enumerated().map {
        message($1.pointee, in: fullName, at: path + [3, Int32($0)], comments)
      },
      enums: list(c.n_enum_type, c.enum_type).enumerated().map {
        `enum`($1.pointee, in: fullName, at: path + [4, Int32($0)], comments)
      },
      isMapEntry: c.options.map { $0.pointee.map_entry != 0 } ?? false,
      hasExtensions: c.n_extension > 0 || c.n_extension_range > 0)
  }

  private static func field(
    _ c: Google__Protobuf__FieldDescriptorProto, comment: [String]
  ) -> ProtoField {
    ProtoField(
      name: text(c.name), number: c.number, isRepeated: c.label.rawValue == 3,
      type: type(Int(c.type.rawValue), named: text(c.type_name)),
      oneof: c.has_oneof_index != 0 ? Int(c.oneof_index) : nil,
      isProto3Optional: c.proto3_optional != 0, comment: comment)
  }

  /// The numbers are those of `FieldDescriptorProto.Type`; names come with a leading dot.
  private static func type(_ number: Int, named name: String) -> ProtoType {
    switch number {
    case 1: .number(swift: "Double")
    case 2: .number(swift: "Float")
    case 3, 16, 18: .number(swift: "Int64")
    case 4, 6: .number(swift: "UInt64")
    case 5, 15, 17: .number(swift: "Int32")
    case 7, 13: .number(swift: "UInt32")
    case 8: .bool
    case 9: .string
    case 11: .message(String(name.dropFirst()))
    case 12: .bytes
    case 14: .enum(String(name.dropFirst()))
    default: .group
    }
  }

  private static func `enum`(
    _ c: Google__Protobuf__EnumDescriptorProto, in scope: String, at path: [Int32],
    _ comments: Comments
  ) -> ProtoEnum {
    ProtoEnum(
      name: text(c.name), fullName: join(scope, text(c.name)), comment: comments[path],
      values: list(c.n_value, c.value).enumerated().map {
        ProtoEnum.Value(
          name: text($1.pointee.name), number: $1.pointee.number,
          comment: comments[path + [2, Int32($0)]])
      })
  }

  private static func service(
    _ c: Google__Protobuf__ServiceDescriptorProto, in scope: String, at path: [Int32],
    _ comments: Comments
  ) -> ProtoService {
    ProtoService(
      name: text(c.name), fullName: join(scope, text(c.name)), comment: comments[path],
      methods: list(c.n_method, c.method).enumerated().map { index, method in
        ProtoService.Method(
          name: text(method.pointee.name), comment: comments[path + [2, Int32(index)]],
          input: String(text(method.pointee.input_type).dropFirst()),
          output: String(text(method.pointee.output_type).dropFirst()),
          clientStreams: method.pointee.client_streaming != 0,
          serverStreams: method.pointee.server_streaming != 0)
      })
  }

  private static func join(_ scope: String, _ name: String) -> String {
    scope.isEmpty ? name : "\(scope).\(name)"
  }

  static func text(_ c: UnsafeMutablePointer<CChar>?) -> String {
    c.map { String(cString: $0) } ?? ""
  }

  static func list<T>(
    _ count: Int, _ first: UnsafeMutablePointer<UnsafeMutablePointer<T>?>?
  ) -> [UnsafeMutablePointer<T>] {
    UnsafeBufferPointer(start: first, count: count).compactMap { $0 }
  }
}
