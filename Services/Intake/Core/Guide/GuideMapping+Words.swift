import DomainModel
import Wire

// The words of a policy as the contract numbers them.

extension IntakeV1.GuideNeed {
  init(_ need: KindPolicy.Need) {
    self =
      switch need {
      case .required: .required
      case .optional: .optional
      case .minor: .minor
      case .claimed: .claimed
      case .unlessFaceChecked: .unlessFaceChecked
      }
  }
}

extension IntakeV1.GuideStep {
  init(_ step: CaseStage.Step) {
    self =
      switch step {
      case .accept: .accept
      case .review: .review
      case .approve: .approve
      case .confirm: .confirm
      case .forward: .forward
      case .make: .make
      case .notify: .notify
      }
  }
}

extension IntakeV1.OfficeKind {
  init(_ kind: Office.Kind) {
    self =
      switch kind {
      case .bureau: .bureau
      case .station: .station
      case .window: .window
      case .populationCentre: .populationCentre
      }
  }
}

extension IntakeV1.GuideTermKind {
  init(_ kind: GuideSource.Term.Kind) {
    self =
      switch kind {
      case .guarding: .guard
      case .promise: .promise
      case .statute: .statute
      case .supplement: .supplement
      case .validity: .validity
      }
  }
}

extension IntakeV1.TermUnit {
  init(_ unit: GuideSource.Term.Unit) {
    self =
      switch unit {
      case .workingDay: .workingDay
      case .day: .day
      case .month: .month
      }
  }
}

extension IntakeV1.ProxyCapacity {
  init(_ capacity: ActingCapacity) {
    self =
      switch capacity {
      case .guardian: .guardian
      case .relative: .relative
      case .trustee: .trustee
      }
  }
}

extension IntakeV1.ServicePointKind {
  init(_ kind: ServicePoint.Kind) {
    self =
      switch kind {
      case .station: .station
      case .serviceCentre: .serviceCentre
      case .community: .community
      case .selfService: .selfService
      }
  }
}
