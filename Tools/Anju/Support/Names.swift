import ArgumentParser
import DomainModel
import Wire

/// The word for a wire value on the command line and in files: `labour_contract` for
/// `.labourContract`.
func word<Value>(_ value: Value) -> String {
  var word = ""
  for character in String(describing: value) {
    if character.isUppercase {
      word += "_" + character.lowercased()
    } else {
      word.append(character)
    }
  }
  return word
}

/// The wire value for a word; nil for a word the contract does not know.
func value<Value: CaseIterable>(_ text: String, of type: Value.Type) -> Value? {
  Value.allCases.first { word($0) == text }
}

/// The stages, as the command line names them.
enum StageName: String, ExpressibleByArgument, CaseIterable {
  case accept, review, approve, confirm, forward, make, notify

  var stage: ApprovalV1.Stage {
    switch self {
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

/// The kinds of caller, as the command line names them.
enum CallerName: String, ExpressibleByArgument, CaseIterable {
  case applicant, officer, integrator, auditor, service
}

/// As what somebody acts for another, as the command line names it.
enum ActName: String, ExpressibleByArgument, CaseIterable {
  case guardian, relative, trustee

  var capacity: ActingCapacity {
    switch self {
    case .guardian: .guardian
    case .relative: .relative
    case .trustee: .trustee
    }
  }
}

/// The three decisions, as the command line names them.
enum DecisionName: String, ExpressibleByArgument, CaseIterable {
  case pass, supplement, refuse

  var decision: ApprovalV1.Decision {
    switch self {
    case .pass: .pass
    case .supplement: .supplement
    case .refuse: .refuse
    }
  }
}
