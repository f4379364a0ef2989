import DomainModel
import Testing

@Suite struct RetryTests {
  @Test(arguments: ErrorReason.allCases)
  func `the catalogue, the error and its twin from the wire agree`(_ reason: ErrorReason) {
    let error = ServiceError(reason)
    #expect(error.retry == reason.retry)
    #expect(reason.mayBeRetried == (error.retry == .soon))
    let decoded = ServiceError(code: reason.code, reason: reason.rawValue, message: "")
    #expect(decoded.retry == reason.retry)
  }

  @Test(arguments: [
    // What was changed meanwhile may hold still the next time.
    (ServiceError(.versionStale), Retry.soon, true),
    (ServiceError(code: .aborted, message: ""), .soon, true),
    (ServiceError(code: .aborted, reason: "OF_ANOTHER_RELEASE", message: ""), .soon, true),
    (ServiceError(code: .unavailable, reason: "OFFICER_WRONG_OFFICE", message: ""), .soon, true),
    (ServiceError(.callerNotAllowed), .onceMended, true),
    (ServiceError(.callerUnknown), .onceMended, true),
    (ServiceError(code: .unimplemented, message: ""), .onceMended, true),
    (ServiceError(.officerWrongOffice), .never, false),
    (ServiceError(code: .dataLoss, message: ""), .never, false),
  ])
  func `a refusal is told from a receiver that has not decided`(
    _ error: ServiceError, _ retry: Retry, _ meansLater: Bool
  ) {
    #expect(error.retry == retry)
    #expect(error.meansLater == meansLater)
  }
}
