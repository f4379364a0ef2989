/// The published catalogue of defects of a form: one entry for each machine code that may stand in
/// `google.rpc.BadRequest.FieldViolation.reason`. It stands beside `ErrorReason` in
/// `proto/ERRORS.md`.
///
/// A defect blocks submission, and all of them are told at once (Regulation of Residence Permits,
/// Art. 9). A failed rule of *eligibility* is no defect: it goes with the case, and only an officer
/// refuses. A code is never reused; new ones are added at the end of their group.
public enum DefectReason: String, Hashable, Sendable, CaseIterable {
  // Any field.
  case fieldMissing = "FIELD_MISSING"
  case fieldNotWanted = "FIELD_NOT_WANTED"
  case textTooLong = "TEXT_TOO_LONG"
  case textControlCharacter = "TEXT_CONTROL_CHARACTER"
  case valueUnknown = "VALUE_UNKNOWN"
  case numberOutOfRange = "NUMBER_OUT_OF_RANGE"
  case dateInvalid = "DATE_INVALID"
  case dateInFuture = "DATE_IN_FUTURE"
  case documentNumberUsed = "DOCUMENT_NUMBER_USED"
  // The citizen identity number (公民身份号码).
  case citizenIDObsolete = "CITIZEN_ID_OBSOLETE"
  case citizenIDLength = "CITIZEN_ID_LENGTH"
  case citizenIDCharacters = "CITIZEN_ID_CHARACTERS"
  case citizenIDAddressCode = "CITIZEN_ID_ADDRESS_CODE"
  case citizenIDBirthDate = "CITIZEN_ID_BIRTH_DATE"
  case citizenIDBirthInFuture = "CITIZEN_ID_BIRTH_IN_FUTURE"
  case citizenIDCheckDigit = "CITIZEN_ID_CHECK_DIGIT"
  case citizenIDNotMainland = "CITIZEN_ID_NOT_MAINLAND"
  // The person.
  case nameTooLong = "NAME_TOO_LONG"
  case nameCharacters = "NAME_CHARACTERS"
  case nameMiddleDot = "NAME_MIDDLE_DOT"
  case sexNotMatchingID = "SEX_NOT_MATCHING_ID"
  case birthDateNotMatchingID = "BIRTH_DATE_NOT_MATCHING_ID"
  case ethnicityUnknown = "ETHNICITY_UNKNOWN"
  case phoneInvalid = "PHONE_INVALID"
  case applicantNotCaller = "APPLICANT_NOT_CALLER"
  // Addresses.
  case divisionUnknown = "DIVISION_UNKNOWN"
  case divisionAbolished = "DIVISION_ABOLISHED"
  case divisionNotCounty = "DIVISION_NOT_COUNTY"
  case divisionOutsideRegion = "DIVISION_OUTSIDE_REGION"
  case addressStreetMissing = "ADDRESS_STREET_MISSING"
  case addressDetailMissing = "ADDRESS_DETAIL_MISSING"
  // The guardian of an applicant under 16 (Regulation of Residence Permits, Art. 9).
  case guardianMissing = "GUARDIAN_MISSING"
  case guardianTooYoung = "GUARDIAN_TOO_YOUNG"
  case guardianSamePerson = "GUARDIAN_SAME_PERSON"
  case relativeSamePerson = "RELATIVE_SAME_PERSON"
  // Who else acts for him, and by which way it comes in.
  case proxyTooYoung = "PROXY_TOO_YOUNG"
  case proxySamePerson = "PROXY_SAME_PERSON"
  case channelNotOfCaller = "CHANNEL_NOT_OF_CALLER"
  // The three conditions and their evidence.
  case conditionMissing = "CONDITION_MISSING"
  case conditionRepeated = "CONDITION_REPEATED"
  case evidenceMissing = "EVIDENCE_MISSING"
  case evidenceNotOfCondition = "EVIDENCE_NOT_OF_CONDITION"
  case exemptionEvidenceMissing = "EXEMPTION_EVIDENCE_MISSING"
  case conditionNotOffered = "CONDITION_NOT_OFFERED"
  case evidenceNotTaken = "EVIDENCE_NOT_TAKEN"
  // Uploaded material.
  case materialPhotoMissing = "MATERIAL_PHOTO_MISSING"
  case materialIDCardMissing = "MATERIAL_ID_CARD_MISSING"
  case materialEvidenceMissing = "MATERIAL_EVIDENCE_MISSING"
  case materialGuardianIDMissing = "MATERIAL_GUARDIAN_ID_MISSING"
  case materialGuardianshipMissing = "MATERIAL_GUARDIANSHIP_MISSING"
  case materialUnknown = "MATERIAL_UNKNOWN"
  case materialEmpty = "MATERIAL_EMPTY"
  case materialUnreadable = "MATERIAL_UNREADABLE"
  case materialTypeNotAllowed = "MATERIAL_TYPE_NOT_ALLOWED"
  case materialTooBig = "MATERIAL_TOO_BIG"
  case materialTooMany = "MATERIAL_TOO_MANY"
  case materialHashMismatch = "MATERIAL_HASH_MISMATCH"
  case materialSizeMismatch = "MATERIAL_SIZE_MISMATCH"
  case supplementMissing = "SUPPLEMENT_MISSING"
  case materialMissing = "MATERIAL_MISSING"
  case materialNotWanted = "MATERIAL_NOT_WANTED"
  case photoTooSmall = "PHOTO_TOO_SMALL"
  case photoTooLarge = "PHOTO_TOO_LARGE"
  case photoRatioWrong = "PHOTO_RATIO_WRONG"
  case photoTooManyBytes = "PHOTO_TOO_MANY_BYTES"
  // Notice and commitment (告知承诺).
  case commitmentNotAssented = "COMMITMENT_NOT_ASSENTED"
  case noticeVersionUnknown = "NOTICE_VERSION_UNKNOWN"
  case assentOfAnother = "ASSENT_OF_ANOTHER"
  // The region's policy.
  case policyOfAnotherDay = "POLICY_OF_ANOTHER_DAY"
  case kindNotDecided = "KIND_NOT_DECIDED"
  // Registrations and permits.
  case officeCodeInvalid = "OFFICE_CODE_INVALID"
  case officeUnknown = "OFFICE_UNKNOWN"
  case dateTooEarly = "DATE_TOO_EARLY"
  case hashInvalid = "HASH_INVALID"
  case registrationDiffers = "REGISTRATION_DIFFERS"
  case registrationsTooMany = "REGISTRATIONS_TOO_MANY"
  case registrationUnchanged = "REGISTRATION_UNCHANGED"
  case caseOfAnotherPermit = "CASE_OF_ANOTHER_PERMIT"
  case certificateIdentifierInvalid = "CERTIFICATE_IDENTIFIER_INVALID"
  case treeSizesReversed = "TREE_SIZES_REVERSED"
  case divisionPrefixInvalid = "DIVISION_PREFIX_INVALID"
  case photoNotOfPermit = "PHOTO_NOT_OF_PERMIT"
  case personEventDiffers = "PERSON_EVENT_DIFFERS"
  case personEventsTooMany = "PERSON_EVENTS_TOO_MANY"
  // Messages.
  case templateUnknown = "TEMPLATE_UNKNOWN"
  case templateValueMissing = "TEMPLATE_VALUE_MISSING"
  case templateValueUnknown = "TEMPLATE_VALUE_UNKNOWN"
  case templateValueRepeated = "TEMPLATE_VALUE_REPEATED"
  case templateValuePersonal = "TEMPLATE_VALUE_PERSONAL"
  case templateValuesTooMany = "TEMPLATE_VALUES_TOO_MANY"
  case messageTooLong = "MESSAGE_TOO_LONG"
  case messagesTooMany = "MESSAGES_TOO_MANY"
  case messageKeyInvalid = "MESSAGE_KEY_INVALID"
  case messageKeyReused = "MESSAGE_KEY_REUSED"
  case instantTooEarly = "INSTANT_TOO_EARLY"
  case instantTooLate = "INSTANT_TOO_LATE"
  case idsMissing = "IDS_MISSING"
  case idsTooMany = "IDS_TOO_MANY"
  case idRepeated = "ID_REPEATED"
  // An officer's opinion.
  case decisionNotAtStage = "DECISION_NOT_AT_STAGE"
  case reasonUnknown = "REASON_UNKNOWN"
  case reasonRepeated = "REASON_REPEATED"
  case reasonAlreadyNotified = "REASON_ALREADY_NOTIFIED"
  case reasonOmitted = "REASON_OMITTED"
  case greenReasonUnknown = "GREEN_REASON_UNKNOWN"
  case officerAbsent = "OFFICER_ABSENT"
  case caseRepeated = "CASE_REPEATED"
  case subjectMissing = "SUBJECT_MISSING"

  /// This defect at a field, for an error's list.
  public func violation(at field: String) -> ServiceError.Violation {
    ServiceError.Violation(
      field: field, reason: self.rawValue, english: self.english, chinese: self.chinese)
  }
}
