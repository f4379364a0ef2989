"""Who reaches what, one line an RPC: the rows that `test_access.py` walks.

An applicant reaches what is his own, an integrator what it submitted, an officer what belongs to his
own office and those below it; auditors read everything; whoever verifies, what is shown to him. Of the
services, those that are named call.

  yes     the call is let in (what it then says of its content does not matter here)
  adds    the same: it makes something new, which is the caller's own
  hidden  NOT_FOUND, as if there were no such thing
  denied  PERMISSION_DENIED
  absent  OK, but the list does not have it
"""

from dataclasses import dataclass

from stubs import pb

COLUMNS = [
    *("applicant: own", "applicant: another"),
    *("integrator: own", "integrator: another"),
    *("officer: own office", "officer: the bureau above", "officer: another office"),
    "auditor",
]
SERVICES = ["intake", "approval", "notification", "registry"]

TABLE = """
                                  applicant       integrator      officer                  auditor services
                                  own    another  own    another  own    above  another
IntakeService
  CreateDraft                     adds   adds     adds   adds     adds   adds   adds       denied  -
  UpdateDraft                     yes    hidden   yes    hidden   denied denied denied     denied  -
  UploadMaterial                  yes    hidden   yes    hidden   denied denied denied     denied  -
  DownloadMaterial                yes    hidden   yes    hidden   yes    yes    denied     yes     -
  CheckEligibility                yes    hidden   yes    hidden   denied denied denied     denied  -
  SubmitApplication               yes    hidden   yes    hidden   denied denied denied     denied  -
  SupplementApplication           yes    hidden   yes    hidden   denied denied denied     denied  -
  WithdrawApplication             yes    hidden   yes    hidden   denied denied denied     denied  -
  GetApplication                  yes    hidden   yes    hidden   denied denied denied     yes     -
  ListApplications                yes    absent   yes    absent   absent absent absent     yes     -
  WatchApplication                yes    hidden   yes    hidden   denied denied denied     yes     -
  WatchApplications               denied denied   yes    yes      denied denied denied     denied  -
  SubmitBatch                     denied denied   yes    yes      denied denied denied     denied  -
  RenderDocument                  yes    hidden   yes    hidden   denied denied denied     yes     -
  ExportCaseFile                  yes    hidden   yes    hidden   denied denied denied     yes     -
  GetGuide                        yes    yes      yes    yes      yes    yes    yes        yes     -
  ListServicePoints               yes    yes      yes    yes      yes    yes    yes        yes     -
CaseProgressService
  RecordProgress                  denied denied   denied denied   denied denied denied     denied  approval
  RestoreApplication              denied denied   denied denied   denied denied denied     denied  approval
  RecordDelivery                  denied denied   denied denied   denied denied denied     denied  notification
  RecordPersonEvent               denied denied   denied denied   denied denied denied     denied  registry
ApprovalService
  OpenCase                        denied denied   denied denied   denied denied denied     denied  intake
  GetCase                         denied denied   denied denied   yes    yes    denied     yes     -
  ListWork                        denied denied   denied denied   yes    yes    absent     yes     -
  RecordOpinion                   denied denied   denied denied   yes    yes    denied     denied  -
  ResumeClock                     denied denied   denied denied   yes    yes    denied     denied  intake
  WithdrawCase                    denied denied   denied denied   denied denied denied     denied  intake
  CloseCase                       denied denied   denied denied   denied denied denied     denied  intake
  GetCaseHistory                  denied denied   denied denied   yes    yes    denied     yes     -
  ClaimCase                       denied denied   denied denied   yes    yes    denied     denied  -
  ReleaseCase                     denied denied   denied denied   yes    yes    denied     denied  -
  ReassignCase                    denied denied   denied denied   denied denied denied     denied  -
  ExpediteCase                    denied denied   denied denied   yes    yes    denied     denied  -
  RecuseOfficer                   denied denied   denied denied   yes    yes    denied     denied  -
  OpenInspection                  denied denied   denied denied   yes    denied denied     denied  -
  RecordStatement                 denied denied   denied denied   yes    denied denied     denied  -
  ConcludeInspection              denied denied   denied denied   denied denied denied     denied  -
  CorrectCreditEntry              denied denied   denied denied   denied yes    denied     denied  -
  WithdrawCreditEntry             denied denied   denied denied   denied yes    denied     denied  -
  GetInspection                   denied denied   denied denied   yes    yes    denied     yes     -
  ListInspections                 denied denied   denied denied   yes    yes    absent     yes     -
  PlaceCaseHold                   denied denied   denied denied   denied denied denied     denied  -
  ReleaseCaseHold                 denied denied   denied denied   denied denied denied     denied  -
  RecordOpinions                  denied denied   denied denied   yes    yes    yes        denied  -
  RecordDuty                      denied denied   denied denied   denied denied denied     denied  -
  RecordAbsence                   denied denied   denied denied   yes    yes    yes        denied  -
  WatchWork                       denied denied   denied denied   yes    yes    denied     yes     -
  GetStatistics                   denied denied   denied denied   yes    yes    denied     yes     -
  PauseClock                      denied denied   denied denied   yes    yes    denied     denied  -
  ExtendDeadline                  denied denied   denied denied   denied yes    denied     denied  -
  ExplainDeadline                 yes    hidden   denied denied   yes    yes    denied     yes     -
  ListAlarms                      denied denied   denied denied   yes    yes    yes        yes     -
  ListDueDateMoves                denied denied   denied denied   denied denied denied     yes     -
  ListParkedTimers                denied denied   denied denied   denied denied denied     yes     -
CertificateRegistryService
  RecordRegistration              denied denied   adds   adds     denied denied denied     denied  intake,approval
  ChangeRegistration              denied denied   denied denied   denied denied denied     denied  intake,approval
  EndRegistration                 denied denied   denied denied   denied denied denied     denied  intake
  GetResidenceHistory             denied denied   denied denied   yes    yes    denied     yes     intake
  ReportPersonEvent               denied denied   denied denied   denied denied denied     denied  intake
  ImportPermit                    denied denied   denied denied   denied denied denied     denied  intake
  IssuePermit                     denied denied   denied denied   denied denied denied     denied  approval
  EndorsePermit                   denied denied   denied denied   denied denied denied     denied  approval
  ConvertPermit                   denied denied   denied denied   denied denied denied     denied  approval
  ChangePermitAddress             denied denied   denied denied   denied denied denied     denied  approval
  ChangePermitContact             denied denied   denied denied   denied denied denied     denied  intake
  CorrectPermit                   denied denied   denied denied   denied denied denied     denied  approval
  NoteEndorsementPending          denied denied   denied denied   denied denied denied     denied  intake
  ReportLoss                      denied denied   denied denied   denied denied denied     denied  intake
  WithdrawLoss                    denied denied   denied denied   denied denied denied     denied  intake
  CancelPermit                    denied denied   denied denied   denied denied denied     denied  approval
  ReinstatePermit                 denied denied   denied denied   denied denied denied     denied  approval
  PlaceHold                       denied denied   denied denied   denied denied denied     denied  approval
  ReleaseHold                     denied denied   denied denied   denied denied denied     denied  approval
  GetPermitHistory                denied denied   denied denied   yes    yes    denied     yes     -
  GetPermit                       denied denied   denied denied   yes    yes    denied     yes     -
  FindPermits                     denied denied   denied denied   yes    yes    denied     yes     intake
  GetTreeHead                     yes    yes      yes    yes      yes    yes    yes        yes     -
  GetInclusionProof               yes    yes      yes    yes      yes    yes    denied     yes     -
  GetConsistencyProof             yes    yes      yes    yes      yes    yes    yes        yes     -
  GetRevocationSnapshot           yes    yes      yes    yes      yes    yes    yes        yes     -
  WatchChanges                    denied denied   denied denied   denied denied denied     yes     -
  RenderPermit                    yes    hidden   denied denied   yes    yes    denied     denied  intake
  PrintConfirmationSlip           denied denied   denied denied   yes    denied denied     denied  -
  VerifyPermit                    denied denied   yes    yes      yes    yes    yes        denied  -
  LoadPermit                      yes    hidden   denied denied   denied denied denied     denied  -
  CreatePresentation              yes    hidden   denied denied   denied denied denied     denied  -
  ExportPerson                    yes    hidden   denied denied   denied denied denied     denied  -
  ErasePerson                     yes    hidden   denied denied   denied denied denied     denied  -
NotificationService
  EnqueueMessage                  denied denied   denied denied   denied denied denied     denied  intake,registry
  EnqueueBatch                    denied denied   denied denied   denied denied denied     denied  intake,registry
  ScheduleMessages                denied denied   denied denied   denied denied denied     denied  intake,registry
  CancelMessage                   denied denied   denied denied   denied denied denied     denied  intake,registry
  GetMessage                      denied denied   denied denied   denied denied denied     yes     -
  ListMessages                    denied denied   denied denied   denied denied denied     yes     -
  ListDeadLetters                 denied denied   denied denied   denied denied denied     yes     -
  ReplayDeadLetters               denied denied   denied denied   denied denied denied     yes     -
  WatchMessages                   denied denied   denied denied   denied denied denied     yes     -
  SendPhoneCode                   yes    yes      denied denied   denied denied denied     denied  -
  ProvePhone                      yes    yes      denied denied   denied denied denied     denied  -
  SetPreferences                  yes    yes      denied denied   denied denied denied     denied  -
  GetPreferences                  yes    yes      denied denied   denied denied denied     denied  -
  PauseQueue                      denied denied   denied denied   denied denied denied     yes     -
  ResumeQueue                     denied denied   denied denied   denied denied denied     yes     -
  GetQueueStatistics              denied denied   denied denied   denied denied denied     yes     -
OperationsService
  BackUpStore                     denied denied   denied denied   denied denied denied     yes     -
  ListParkedMessages              denied denied   denied denied   denied denied denied     yes     -
  UnparkMessages                  denied denied   denied denied   denied denied denied     yes     -
  ResendLost                      denied denied   denied denied   denied denied denied     yes     -
"""


@dataclass(frozen=True)
class Row:
    """What each caller gets from one RPC."""

    service: str
    method: str
    expected: dict[str, str]

    @property
    def name(self) -> str:
        return f"{self.service}/{self.method}"


def rows() -> list[Row]:
    result, service = [], ""
    for line in TABLE.strip("\n").splitlines()[2:]:
        words = line.split()
        if len(words) == 1:
            service = words[0]
            continue
        method, *cells, services = words
        named = [] if services == "-" else services.split(",")
        expected = dict(zip(COLUMNS, cells, strict=True))
        expected |= {f"service: {n}": "yes" if n in named else "denied" for n in SERVICES}
        result.append(Row(service, method, expected))
    return result


@dataclass(frozen=True)
class Things:
    """What there is: one application of each kind of progress, and what came of it."""

    done: str  # an application that ended in a permit
    material: str  # one of its materials
    case: str
    inspection: str  # of its permit; open
    permit: str
    message: str
    citizen_id: str  # whose it is
    waiting: str  # an application that an officer has yet to accept


def request(row: Row, there: Things, key: str):
    """A request for what is there. Where the right caller would change something, its content is
    wrong, so that the walk leaves everything as it was."""
    keyed = dict(idempotency_key=key)
    done = dict(application_id=there.done)
    intake, approval = pb.intake, pb.approval
    registry, notification = pb.registry, pb.notification
    match row.method:
        case "CreateDraft":
            return intake.CreateDraftRequest(**keyed)
        case "UpdateDraft":
            step = dict(commitment=intake.Commitment(notice_version="walk", assented=True))
            return intake.UpdateDraftRequest(**keyed, **done, **step)
        case "UploadMaterial":
            header = dict(kind=pb.model.MATERIAL_KIND_PHOTO, size_bytes=1, sha256=bytes(32))
            return intake.UploadMaterialRequest(
                header=intake.UploadHeader(**keyed, **done, **header)
            )
        case "DownloadMaterial":
            return intake.DownloadMaterialRequest(**done, material_id=there.material)
        case "CheckEligibility":
            return intake.CheckEligibilityRequest(**done)
        case "SubmitApplication":
            return intake.SubmitApplicationRequest(**keyed, **done)
        case "SupplementApplication":
            return intake.SupplementApplicationRequest(**keyed, **done)
        case "WithdrawApplication":
            return intake.WithdrawApplicationRequest(**keyed, **done)
        case "GetApplication":
            return intake.GetApplicationRequest(**done)
        case "ListApplications":
            return intake.ListApplicationsRequest(page=pb.model.Page(size=500))
        case "WatchApplication":
            return intake.WatchApplicationRequest(**done)
        case "WatchApplications":
            return intake.WatchApplicationsRequest(resume_token="walk")
        case "SubmitBatch":
            # Without its header.
            return intake.SubmitBatchRequest(row=intake.BatchRow(row_key="walk"))
        case "RenderDocument":
            return intake.RenderDocumentRequest(**done, kind=intake.DOCUMENT_KIND_RECEIPT)
        case "ExportCaseFile":
            return intake.ExportCaseFileRequest(**done)
        case "GetGuide":
            return intake.GetGuideRequest(kind=pb.model.APPLICATION_KIND_FIRST_PERMIT)
        case "ListServicePoints":
            return intake.ListServicePointsRequest(division_code="330106")
        case "RecordProgress":
            return intake.RecordProgressRequest(**keyed, **done)
        case "RecordDelivery":
            return intake.RecordDeliveryRequest(**keyed)
        case "RecordPersonEvent":
            return intake.RecordPersonEventRequest(**keyed)
        case "RestoreApplication":
            return intake.RestoreApplicationRequest(**keyed, **done)
        case "OpenCase":
            return approval.OpenCaseRequest(**keyed, **done)
        case "GetCase":
            return approval.GetCaseRequest(**done)
        case "ListWork":
            return approval.ListWorkRequest(page=pb.model.Page(size=500))
        case "RecordOpinion":
            return approval.RecordOpinionRequest(**keyed, case_id=there.case)
        case "ResumeClock":
            return approval.ResumeClockRequest(**keyed, **done, case_id=there.case)
        case "WithdrawCase":
            return approval.WithdrawCaseRequest(**keyed, **done)
        case "CloseCase":
            return approval.CloseCaseRequest(**keyed, **done)
        case "GetCaseHistory":
            return approval.GetCaseHistoryRequest(case_id=there.case)
        case (
            "ClaimCase"
            | "ReassignCase"
            | "ExpediteCase"
            | "ReleaseCase"
            | "PlaceCaseHold"
            | "ReleaseCaseHold"
        ):
            message = getattr(approval, f"{row.method}Request")
            return message(**keyed, case_id=there.case)
        case "OpenInspection":
            return approval.OpenInspectionRequest(**keyed, case_id=there.case)
        case (
            "RecordStatement"
            | "ConcludeInspection"
            | "CorrectCreditEntry"
            | "WithdrawCreditEntry"
        ):
            message = getattr(approval, f"{row.method}Request")
            return message(**keyed, inspection_id=there.inspection)
        case "GetInspection":
            return approval.GetInspectionRequest(inspection_id=there.inspection)
        case "ListInspections":
            return approval.ListInspectionsRequest(page=pb.model.Page(size=500))
        case "RecuseOfficer":
            why = approval.RECUSAL_REASON_RELATIVE
            return approval.RecuseOfficerRequest(**keyed, case_id=there.case, reason=why)
        case "RecordOpinions":
            # None at all; each opinion's own refusal is RecordOpinion's.
            return approval.RecordOpinionsRequest()
        case "RecordDuty":
            return approval.RecordDutyRequest(**keyed)
        case "RecordAbsence":
            return approval.RecordAbsenceRequest(**keyed, until_ms=1)
        case "WatchWork":
            return approval.WatchWorkRequest(office_code="330106500000", resume_token="walk")
        case "GetStatistics":
            days = dict(from_on="2026-01-01", to_on="2026-01-31")
            return approval.GetStatisticsRequest(**days, division_code="330106")
        case "PauseClock":
            return approval.PauseClockRequest(**keyed, case_id=there.case)
        case "ExtendDeadline":
            return approval.ExtendDeadlineRequest(**keyed, case_id=there.case, days=1)
        case "ExplainDeadline":
            return approval.ExplainDeadlineRequest(case_id=there.case)
        case "ListAlarms":
            return approval.ListAlarmsRequest(page=pb.model.Page(size=500))
        case "ListDueDateMoves":
            return approval.ListDueDateMovesRequest(page=pb.model.Page(size=500))
        case "ListParkedTimers":
            return approval.ListParkedTimersRequest(page=pb.model.Page(size=500))
        case "RecordRegistration":
            return registry.RecordRegistrationRequest(**keyed)
        case "GetResidenceHistory":
            return registry.GetResidenceHistoryRequest(citizen_id=there.citizen_id)
        case "IssuePermit":
            return registry.IssuePermitRequest(**keyed, **done)
        case (
            "ChangeRegistration"
            | "EndRegistration"
            | "ReportPersonEvent"
            | "ImportPermit"
            | "EndorsePermit"
            | "ConvertPermit"
            | "ChangePermitAddress"
            | "ChangePermitContact"
            | "CorrectPermit"
            | "NoteEndorsementPending"
            | "ReportLoss"
            | "WithdrawLoss"
            | "CancelPermit"
            | "ReinstatePermit"
            | "PlaceHold"
            | "ReleaseHold"
        ):
            return getattr(registry, f"{row.method}Request")(**keyed)
        case "GetPermitHistory":
            return registry.GetPermitHistoryRequest(certificate_identifier=there.permit)
        case "GetPermit":
            return registry.GetPermitRequest(certificate_identifier=there.permit)
        case "FindPermits":
            return registry.FindPermitsRequest(**done)
        case "GetTreeHead":
            return registry.GetTreeHeadRequest()
        case "GetInclusionProof":
            return registry.GetInclusionProofRequest(certificate_identifier=there.permit)
        case "GetConsistencyProof":
            return registry.GetConsistencyProofRequest(first_tree_size=-1)
        case "GetRevocationSnapshot":
            return registry.GetRevocationSnapshotRequest()
        case "WatchChanges":
            return registry.WatchChangesRequest(next_leaf_index=-1)
        case "RenderPermit":
            return registry.RenderPermitRequest(
                certificate_identifier=there.permit, format=registry.PAPER_FORMAT_PNG
            )
        case "PrintConfirmationSlip":
            # It is printed: whose station it is, is known only once the permit was found.
            return registry.PrintConfirmationSlipRequest(
                **keyed,
                certificate_identifier=there.permit,
                shown_paper=registry.SHOWN_PAPER_IDENTITY_CARD,
            )
        case "VerifyPermit":
            return registry.VerifyPermitRequest(
                certificate_identifier=there.permit,
                purpose=registry.VERIFY_PURPOSE_HOUSING,
                division_code="330106",
            )
        case "LoadPermit" | "CreatePresentation":
            # Without a face check.
            request = getattr(registry, f"{row.method}Request")
            return request(**keyed, certificate_identifier=there.permit)
        case "ExportPerson":
            # Without a face check, as the next one.
            return registry.ExportPersonRequest(citizen_id=there.citizen_id)
        case "ErasePerson":
            return registry.ErasePersonRequest(
                **keyed,
                citizen_id=there.citizen_id,
                ground=registry.ERASURE_GROUND_OWN_REQUEST,
            )
        case "EnqueueMessage":
            return notification.EnqueueMessageRequest(**keyed)
        case "EnqueueBatch":
            return notification.EnqueueBatchRequest(**keyed)
        case "CancelMessage":
            # Without the message's key.
            return notification.CancelMessageRequest(**keyed)
        case "WatchMessages":
            return notification.WatchMessagesRequest(message_ids=[there.message])
        case "SendPhoneCode":
            return notification.SendPhoneCodeRequest(**keyed)
        case "ProvePhone":
            return notification.ProvePhoneRequest(**keyed, phone="13800138000", code="000000")
        case "SetPreferences":
            return notification.SetPreferencesRequest(**keyed, phone="13800138000")
        case "GetPreferences":
            return notification.GetPreferencesRequest(phone="13800138000")
        case "PauseQueue":
            # Without a reason: whoever is let in is told that.
            return notification.PauseQueueRequest(**keyed)
        case "ResumeQueue":
            return notification.ResumeQueueRequest(**keyed)
        case "GetQueueStatistics":
            return notification.GetQueueStatisticsRequest()
        case "ScheduleMessages":
            return notification.ScheduleMessagesRequest(**keyed, schedule_key="nothing")
        case "GetMessage":
            return notification.GetMessageRequest(message_id=there.message)
        case "ListMessages":
            return notification.ListMessagesRequest(reference=there.done)
        case "ListDeadLetters":
            return notification.ListDeadLettersRequest()
        case "ReplayDeadLetters":
            return notification.ReplayDeadLettersRequest(**keyed)
        case "BackUpStore":
            return pb.operations.BackUpStoreRequest()
        case "ListParkedMessages":
            return pb.operations.ListParkedMessagesRequest()
        case "UnparkMessages":
            return pb.operations.UnparkMessagesRequest(**keyed)
        case "ResendLost":
            return pb.operations.ResendLostRequest(**keyed)
    raise AssertionError(f"{row.name} has a row but no request")


def listed(row: Row, answer, there: Things) -> bool:
    """Whether a list has what it should; True for an answer that is no list."""
    match row.method:
        case "ListApplications":
            return there.done in {found.application_id for found in answer.applications}
        case "ListWork":
            return there.waiting in {found.application_id for found in answer.items}
        case "ListInspections":
            return there.inspection in {found.inspection_id for found in answer.inspections}
        case "FindPermits":
            return there.permit in {found.certificate_identifier for found in answer.permits}
        case "ListMessages":
            return there.message in {found.message_id for found in answer.messages}
        case "GetResidenceHistory":
            return len(answer.registrations) > 0
    return True
