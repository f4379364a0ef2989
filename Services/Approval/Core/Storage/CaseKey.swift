/// How a case is named in a call.
enum CaseKey: Hashable, Sendable {
  case caseID(String)
  case applicationID(String)
}
