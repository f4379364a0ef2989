/// One file of the contract under `proto/`: its descriptor, as protoc compiled it, and the names it
/// declares. It is what a server tells clients that ask it for its contract.
public struct ContractFile: Sendable {
  /// The file's name, such as `anju/intake/v1/intake.proto`.
  public let name: String
  /// The package that its names stand in.
  public let package: String
  /// The names of the files it imports.
  public let imports: [String]
  private let messages: StaticString
  private let others: StaticString
  private let compiled: StaticString

  /// Made by generated code: names are relative to the package and parted by blanks; each character
  /// of `compiled` is the byte of its number.
  init(
    name: String, package: String, imports: [String], messages: StaticString,
    others: StaticString, compiled: StaticString
  ) {
    self.name = name
    self.package = package
    self.imports = imports
    self.messages = messages
    self.others = others
    self.compiled = compiled
  }

  /// The full names of its messages, nested ones too.
  public var messageNames: [String] { self.fullNames(self.messages) }

  /// The full names of all else that it declares: services, methods, fields, oneofs, enums and
  /// their values.
  public var otherNames: [String] { self.fullNames(self.others) }

  /// The file as a serialized `google.protobuf.FileDescriptorProto`, without comments.
  public var descriptor: [UInt8] {
    self.compiled.description.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
  }

  private func fullNames(_ names: StaticString) -> [String] {
    names.description.split(separator: " ").map { "\(self.package).\($0)" }
  }
}
