import DomainModel
import Storage

/// The officers' opinions, as the approval service told them.
extension IntakeStore {
  /// Writes the opinions that came since; those that are known stay as they are.
  func insert(
    _ transaction: Transaction, opinionsOf next: Application, known: Int
  ) throws {
    for (position, opinion) in next.opinions.enumerated().dropFirst(known) {
      try transaction.execute(
        """
        INSERT INTO application_opinion (application_id, position, stage, decision, officer_id,
          office_code, signed_at)
        VALUES (\(next.id), \(position), \(opinion.stage), \(opinion.decision),
          \(opinion.officerID), \(opinion.officeCode), \(opinion.signedAt))
        """)
    }
  }
}

extension SignedOpinion {
  init(_ row: Row) throws {
    self.init(
      stage: try row.choice("stage"), decision: try row.choice("decision"),
      officerID: try row.text("officer_id"), officeCode: try row.text("office_code"),
      signedAt: try row.timestamp("signed_at"))
  }
}
