import DomainModel
import RPC
import Testing

@testable import anju_load

struct OwnCallersTests {
  @Test(arguments: [
    Caller(kind: .integrator, id: "platform-3"), Caller(service: .approval),
    Caller(kind: .officer, id: "police-1", office: "330106500000", role: "accept"),
    Caller(
      kind: .applicant, id: "holder-9", citizenID: "34122119900101011X",
      login: Login(faceCheckedAt: Timestamp(milliseconds: 1_795_423_312_000))),
  ])
  func `a caller is read as he was written`(caller: Caller) throws {
    let token = OwnCallers().token(for: caller)
    #expect(try OwnCallers().caller(token: token[...], peer: nil) == caller)
  }

  @Test(arguments: ["", "nobody;x;;;;", "officer;x"])
  func `what this process did not write is not believed`(token: String) {
    #expect(throws: CredentialsRefused.self) {
      try OwnCallers().caller(token: token[...], peer: nil)
    }
  }
}
