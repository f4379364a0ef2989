import DomainModel

/// The place of a material in an application: an application has at most one material in each, and
/// an upload replaces what was there.
struct MaterialSlot: Hashable, Sendable {
  var kind: MaterialKind
  /// Set exactly where `kind` is `evidence`.
  var evidence: EvidenceKind?

  init(_ kind: MaterialKind, evidence: EvidenceKind? = nil) {
    self.kind = kind
    self.evidence = evidence
  }

  /// The media types that are taken here: a photo is a picture, the rest may also be a document.
  var mediaTypes: [MediaType] {
    self.kind == .photo ? [.jpeg, .png] : MediaType.allCases
  }
}

extension MaterialSlot {
  /// The name that stands in the history.
  var name: String {
    self.kind == .evidence ? "evidence.\(self.evidence?.name ?? "")" : self.kind.name
  }
}

extension MaterialSlot: Comparable {
  /// By kind, then by evidence: the order in which an application shows its materials.
  static func < (left: MaterialSlot, right: MaterialSlot) -> Bool {
    (left.kind.rawValue, left.evidence?.rawValue ?? 0)
      < (right.kind.rawValue, right.evidence?.rawValue ?? 0)
  }
}
