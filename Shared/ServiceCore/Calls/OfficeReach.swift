internal import DomainModel
public import RPC
public import Storage

/// Which rows of offices a caller reaches: a condition of every WHERE by which one is found for
/// him.
public enum OfficeReach: Hashable, Sendable {
  /// An auditor's, and our own services'.
  case everything
  /// An officer's: what one of these offices has to do with.
  case offices([String])

  /// What the caller reaches by the method, as the access table says; `codes` tells an officer's
  /// offices from his own, which is most often itself and those below (`OfficeTable.codes(from:)`).
  ///
  /// Throws `OFFICER_WRONG_OFFICE` for an officer without an office, `CALLER_NOT_ALLOWED` where
  /// the table goes by something else than offices.
  public init(of context: CallContext, _ codes: (_ office: String) -> [String]) throws {
    switch context.reach {
    case .everything: self = .everything
    case .office:
      guard let office = try context.requireCaller().office else {
        throw ServiceError(.officerWrongOffice)
      }
      self = .offices(codes(office))
    case .adds, .ownAndWards, .submitted, .published, .shown, nil:
      throw ServiceError(.callerNotAllowed)
    }
  }

  /// The condition that one of these columns names an office of his.
  public func condition(on column: SQL, or others: SQL...) -> SQL {
    guard case .offices(let offices) = self else { return "1 = 1" }
    let condition = others.reduce("\(sql: column) IN \(values: offices)" as SQL) {
      "\(sql: $0) OR \(sql: $1) IN \(values: offices)"
    }
    return "(\(sql: condition))"
  }

  /// Whether one of these offices is an office of his.
  public func includes(_ codes: String...) -> Bool {
    guard case .offices(let offices) = self else { return true }
    return codes.contains(where: offices.contains)
  }

  /// Throws `OFFICER_WRONG_OFFICE` where a query finds something although nothing was found within
  /// reach: an officer may know that another office has it.
  public func refuseHidden(_ snapshot: Snapshot, _ query: SQL) throws {
    if self != .everything, try snapshot.exists(query) { throw ServiceError(.officerWrongOffice) }
  }
}
