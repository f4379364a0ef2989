import Crypto
import Documents
import DomainModel
import PermitProof

/// The holder's photo as somebody hands it in to be printed.
enum PaperPhoto {
  /// The photo, if it is the one that the certificate names; nil where none is handed in. It takes
  /// milliseconds, so it runs on the press's pool.
  ///
  /// Throws `REQUEST_INVALID`: another photo, or none that can be printed.
  static func picture(_ bytes: [UInt8], of document: PermitDocument) throws -> Picture? {
    if bytes.isEmpty { return nil }
    guard try DigestAlgorithm.sha256.digest(bytes) == document.holder.photoSHA256 else {
      throw self.refusal(.photoNotOfPermit)
    }
    do throws(DocumentError) {
      return try Picture(bytes)
    } catch .tooLong {
      throw self.refusal(.materialTooBig)
    } catch {
      throw self.refusal(.materialUnreadable)
    }
  }

  /// Why a photo is not taken.
  static func refusal(_ reason: DefectReason) -> ServiceError {
    ServiceError(.requestInvalid, violations: [reason.violation(at: "photo")])
  }
}
