import DomainModel

/// What the applicant does.
extension Application {
  /// Step 1: the commitment was given.
  func assenting(to noticeVersion: String, at now: Timestamp) throws -> Application {
    try self.require([.draft])
    var next = self.changed(at: now)
    next.commitment = Commitment(noticeVersion: noticeVersion, assentedAt: now)
    return next
  }

  /// Step 2: the form, complete or not.
  func filling(in form: FormDocument, at now: Timestamp) throws -> Application {
    try self.require([.draft])
    var next = self.changed(at: now)
    next.form = form
    return next
  }

  /// Step 3: a material, in place of the one that was there. A submitted application takes some
  /// again while a once-only notice is out.
  func adding(_ material: Material, at now: Timestamp) throws -> Application {
    try self.require([.draft, .supplementNeeded])
    var next = self.changed(at: now)
    next.materials.removeAll { $0.slot == material.slot }
    next.materials.append(material)
    return next
  }

  /// Step 4: the form is without defect and was routed. The policy that judged it stays its own,
  /// whichever was in force when the draft began. `acceptance` is given where the entry at the
  /// counter is the acceptance.
  func submitting(
    _ form: FormDocument, _ submission: Submission, under policyVersion: String,
    accepted acceptance: Acceptance? = nil, at now: Timestamp
  ) throws -> Application {
    try self.require([.draft])
    var next = self.changed(to: acceptance == nil ? .submitted : .accepted, at: now)
    next.acceptance = acceptance
    next.form = form
    next.policyVersion = policyVersion
    next.submission = submission
    return next
  }

  /// The once-only notice is answered: the case goes on where it stood.
  ///
  /// What was missing must have come since the notice, else there is nothing to answer it with.
  func supplementing(at now: Timestamp) throws -> Application {
    try self.require([.supplementNeeded])
    guard self.openNotice != nil else { throw self.wrongState }
    // By this service's own clock: `changedAt` is when it heard of the notice.
    guard self.materials.contains(where: { $0.uploadedAt >= self.changedAt }) else {
      throw ServiceError(
        .requestInvalid, violations: [DefectReason.supplementMissing.violation(at: "materials")])
    }
    return try self.answered(at: now)
  }

  /// The open notice counts as answered: back to where it came from.
  func answered(at now: Timestamp) throws -> Application {
    guard let index = self.notices.lastIndex(where: { $0.supplementedAt == nil }) else {
      throw self.wrongState
    }
    var next = self.changed(to: self.acceptance == nil ? .submitted : .accepted, at: now)
    next.notices[index].supplementedAt = now
    return next
  }

  /// Throws `APPLICATION_WRONG_STATE` unless the state is one of these.
  func require(_ states: Set<ApplicationState>) throws {
    guard states.contains(self.state) else { throw self.wrongState }
  }

  /// Throws `VERSION_STALE` unless the caller has read this version.
  func require(version: Int64) throws {
    guard version == self.version else {
      throw ServiceError(.versionStale, metadata: ["current_version": String(self.version)])
    }
  }

  var wrongState: ServiceError {
    ServiceError(.applicationWrongState, metadata: ["current_state": self.state.rawValue])
  }

  /// The application with its version raised, in another state if one is given.
  func changed(to state: ApplicationState? = nil, at now: Timestamp) -> Application {
    var next = self
    next.version += 1
    next.updatedAt = now
    if let state, state != self.state {
      next.state = state
      next.changedAt = now
    }
    return next
  }
}
