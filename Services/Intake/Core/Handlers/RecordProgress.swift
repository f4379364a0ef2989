import DomainModel
import Logging
import RPC
import ServiceCore
import Storage
import Wire

extension CaseProgressHandlers {
  /// Records one step of a case. A step that is known already changes nothing, whatever its key.
  func recordProgress(
    _ request: IntakeV1.RecordProgressRequest, _ context: CallContext
  ) async throws -> IntakeV1.RecordProgressResponse {
    let id = ID<Application>(request.applicationID)
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      let progress = try Progress(request)
      let opinions = request.opinions.prefix(SignedOpinion.countMax)
        .compactMap(SignedOpinion.init)
      let answer = try await call.commit { transaction, stamp in
        let before = try self.store.application(transaction, .id(id), within: .everything)
        var next = try before.recording(
          progress, sequence: request.sequence, on: self.announcer.terms.road(of: before),
          at: stamp.now)
        next?.know(opinions)
        if let next {
          let step = ApplicationStep(next: next, event: .progressed(progress))
          // Who was told of a step before is not told again.
          let messages = request.again ? [] : try self.announcer.messages(step)
          try self.store.write(
            transaction, Step(from: before, to: next, step.event, telling: messages), stamp)
        }
        return IntakeV1.RecordProgressResponse()
      }
      context.logger.info(
        "application progressed",
        metadata: ["application.id": "\(id)", "case.step": "\(progress.name)"])
      return answer
    }
  }
}

extension SignedOpinion {
  /// Nil for a stage or a decision that this version of the contract does not name.
  fileprivate init?(_ opinion: IntakeV1.SignedOpinion) {
    guard let stage = Stage(opinion.stage), let decision = Decision(opinion.decision) else {
      return nil
    }
    self.init(
      stage: stage, decision: decision, officerID: opinion.officerID,
      officeCode: opinion.officeCode, signedAt: Timestamp(milliseconds: opinion.signedAtMs))
  }
}

extension SignedOpinion.Stage {
  fileprivate init?(_ stage: IntakeV1.SignedStage) {
    switch stage {
    case .accept: self = .accept
    case .review: self = .review
    case .approve: self = .approve
    case .confirm: self = .confirm
    case .unspecified, .unrecognized: return nil
    }
  }
}

extension SignedOpinion.Decision {
  fileprivate init?(_ decision: IntakeV1.SignedDecision) {
    switch decision {
    case .pass: self = .pass
    case .refuse: self = .refuse
    case .supplement: self = .supplement
    case .unspecified, .unrecognized: return nil
    }
  }
}
