import People
import RPC
import Wire

/// What is known of one person on his way.
struct Subject: Sendable {
  let person: Person
  /// Which platform he comes through.
  let platform: Caller
  var application = IntakeV1.Application()
  var caseID = ""
  var caseVersion: Int64 = 0
  /// Whose signature the case waits for.
  var nextStage = ApprovalV1.Stage.accept
  var stationCode = ""
  var bureauCode = ""
  var certificateIdentifier = ""
  /// The code that he shows.
  var code = ""

  init(_ person: Person, platform: Caller) {
    self.person = person
    self.platform = platform
  }

  /// The same with as little of the application as what follows needs: many are kept.
  var kept: Subject {
    var kept = self
    kept.application = IntakeV1.Application(applicationID: self.application.applicationID)
    return kept
  }
}

/// Something that went otherwise than it should, though no service said so.
struct Unexpected: Error {
  /// Under which it is counted.
  let code: String
  let text: String
}
