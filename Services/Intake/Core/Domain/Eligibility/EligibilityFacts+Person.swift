import DomainModel

/// Rules about who applies, what for, and where he comes from.
extension EligibilityFacts {
  /// Residents of Hong Kong, Macau and Taiwan and foreigners have documents of their own (Zhejiang
  /// Regulation, Art. 38; 国办发〔2018〕81号).
  var originVerdict: Verdict {
    switch self.origin {
    case .unknown(let missing): .notKnown(missing)
    case .known(.mainland): .met(["number_of": "mainland"])
    case .known(.hongKong): .said(false, Self.ownDocument("hong_kong"))
    case .known(.macau): .said(false, Self.ownDocument("macau"))
    case .known(.taiwan): .said(false, Self.ownDocument("taiwan"))
    case .known(.foreigner):
      .said(false, ["number_of": "foreigner", "document": "外国人永久居留身份证"])
    }
  }

  private static func ownDocument(_ origin: String) -> KeyValuePairs<String, String> {
    ["number_of": origin, "document": "港澳台居民居住证"]
  }

  /// Whoever lives where his hukou is needs no permit (Art. 2).
  var hukouVerdict: Verdict {
    guard let here = self.residenceUnit.value, case .known(let hukou) = self.hukouUnit else {
      return .notKnown(self.hukouUnit.missing + self.residenceUnit.missing)
    }
    return .said(
      hukou != here, ["hukou_unit": hukou?.code ?? "elsewhere", "residence_unit": here.code])
  }

  /// At least one condition that the kind knows is claimed and shown.
  func conditionVerdict(of kind: KindPolicy) -> Verdict {
    guard let shown = self.shown.value else { return .notKnown(self.shown.missing) }
    let counting = kind.conditions.map(\.condition).filter(shown.contains)
    return .said(
      !counting.isEmpty, ["conditions_shown": counting.map(\.name).joined(separator: ",")])
  }

  /// What the table of conflicts has against the kind.
  func conflictVerdict(of kind: ApplicationKind, _ conflicts: KindConflicts) -> Verdict {
    let against = self.open.filter { conflicts.ground(against: kind, whileOpen: $0) != nil }
    if against.isEmpty { return .met(["in_progress": Self.words(self.open)]) }
    return .said(false, ["in_conflict": Self.words(against)])
  }

  private static func words(_ kinds: [ApplicationKind]) -> String {
    kinds.map(\.rawValue).sorted().joined(separator: ",")
  }

  /// A guardian, a close relative or an entrusted person acts only where the kind lets him, and
  /// fetches a slip only where the city does.
  func proxyVerdict(of kind: KindPolicy, by policy: PolicySettings) -> Verdict {
    guard let proxy = self.proxy else { return .met(["acting": "applicant"]) }
    var isAllowed = kind.proxies.contains(proxy)
    if kind.kind == .confirmationSlip, !policy.slipInPersonIn.isEmpty {
      guard self.residenceUnit.value != nil else { return .notKnown(self.residenceUnit.missing) }
      if !policy.slipInPersonIn.isDisjoint(with: self.residenceDivisions) { isAllowed = false }
    }
    return .said(isAllowed, ["acting": proxy.rawValue])
  }
}
