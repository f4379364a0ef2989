import Testing
import Wire

/// What Swift writes is what `Tests/Contract/golden/*.bin` holds. Python and protoc say of the same
/// files what they mean (`Tests/Contract/test_golden.py`).
struct GoldenTests {
  private static let rows: [(file: String, bytes: @Sendable () throws -> [UInt8])] = [
    ("anju.intake.v1.Application", Samples.application.wireBytes),
    ("anju.intake.v1.RecordProgressRequest", Samples.progress.wireBytes),
    ("anju.intake.v1.UploadMaterialRequest", Samples.chunk.wireBytes),
    ("anju.intake.v1.GetApplicationRequest", Samples.emptyKey.wireBytes),
    ("google.rpc.Status", Samples.status.wireBytes),
    ("google.rpc.ErrorInfo", Samples.errorInfo.wireBytes),
  ]

  @Test(arguments: Self.rows.indices)
  func `bytes are those that Python writes`(row: Int) throws {
    let path = "Tests/Contract/golden/\(Self.rows[row].file).bin"
    #expect(try Self.rows[row].bytes() == Repository.bytes(path), "\(path)")
  }
}
