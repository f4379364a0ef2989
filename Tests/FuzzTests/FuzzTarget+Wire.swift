import DomainModel
import RPC
import Wire

// Messages, and the details of a status.
extension FuzzTarget {
  /// `grpc-status-details-bin` before base 64.
  static let status = FuzzTarget(name: "status") { input in
    let error = ServiceError(
      status: StatusWire(code: 3, encodedMessage: "x", details: input))
    let again = ServiceError(status: StatusWire(error))
    try FuzzFailure.unless(again.violations == error.violations, "violations change")
    try FuzzFailure.unless(again.reason == error.reason, "the reason changes")
  }

  /// Messages of several shapes from the same bytes: what is read can be written and read again.
  static let wire = FuzzTarget(name: "wire") { input in
    try Self.check(GrpcHealthV1.HealthCheckRequest.self, input)
    try Self.check(GrpcTesting.SimpleRequest.self, input)
    try Self.check(GrpcTesting.StreamingOutputCallRequest.self, input)
    try Self.check(IntakeV1.SubmitApplicationRequest.self, input)
    try Self.check(IntakeV1.Application.self, input)
  }

  private static func check<Message: WireMessage>(
    _ type: Message.Type, _ input: [UInt8]
  ) throws {
    guard let message = try? Message(wireBytes: input) else { return }
    let again = try Message(wireBytes: try message.wireBytes())
    try FuzzFailure.unless(again == message, "a \(type) changes when it is written")
  }
}
