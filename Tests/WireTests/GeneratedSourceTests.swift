import Testing

struct GeneratedSourceTests {
  /// In Swift the address of an imported C constant is the address of a copy, so a descriptor or an
  /// initial value must be asked of the generated C functions.
  @Test(arguments: [
    "anju.model.v1.model", "anju.intake.v1.intake", "anju.approval.v1.approval",
    "anju.registry.v1.registry", "anju.notification.v1.notification", "google.rpc.status",
    "grpc.health.v1.health",
  ])
  func `generated code names no C constant`(file: String) throws {
    let bytes = try #require(Repository.bytes("Shared/Wire/Generated/\(file).wire.swift"))
    let source = String(decoding: bytes, as: UTF8.self)
    #expect(source.contains("__init(c)"))
    #expect(!source.contains("__descriptor"))
    #expect(!source.contains("__INIT"))
    #expect(!source.contains("__default_value"))
  }
}
