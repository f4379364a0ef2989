import ArgumentParser
import Foundation
import Wire

/// An application in a JSON file, as `anju submit` reads it. `Tools/Anju/README.md` shows one.
struct FormFile: Decodable {
  struct Address: Decodable {
    var divisionCode: String
    var street: String?
    var community: String?
    var detail: String
  }
  struct Person: Decodable {
    var citizenId: String
    var name: String
    var sex: String
    var ethnicityCode: String
    var householdAddress: Address
  }
  struct Claim: Decodable {
    var condition: String
    var evidence: [String]
  }
  struct Guardian: Decodable {
    var citizenId: String
    var name: String
    var relation: String
  }
  struct Material: Decodable {
    var kind: String
    var evidence: String?
    var file: String
  }

  var noticeVersion: String
  var applicant: Person
  var residence: Address
  var phone: String
  var claims: [Claim]
  var guardian: Guardian?
  var workplace: String?
  var materials: [Material]

  /// Reads a file; throws one sentence that names what is wrong with it.
  static func read(_ path: String) throws -> FormFile {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ValidationError("\(path) cannot be read.")
    }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
      return try decoder.decode(FormFile.self, from: data)
    } catch {
      throw ValidationError("\(path) is no application form: \(error)")
    }
  }
}

extension FormFile {
  /// The form on the wire.
  func form() throws -> ModelV1.ApplicationForm {
    ModelV1.ApplicationForm(
      applicant: ModelV1.Identity(
        citizenID: self.applicant.citizenId, name: self.applicant.name,
        sex: try known(self.applicant.sex, "sex"), ethnicityCode: self.applicant.ethnicityCode,
        householdAddress: self.applicant.householdAddress.wire),
      residence: self.residence.wire, phone: self.phone,
      claims: try self.claims.map { claim in
        ModelV1.ConditionClaim(
          condition: try known(claim.condition, "condition"),
          evidence: try claim.evidence.map { try known($0, "evidence") })
      },
      guardian: try self.guardian.map {
        ModelV1.Guardian(
          citizenID: $0.citizenId, name: $0.name, relation: try known($0.relation, "relation"))
      },
      workplace: self.workplace ?? "")
  }
}

extension FormFile.Address {
  var wire: ModelV1.Address {
    ModelV1.Address(
      divisionCode: self.divisionCode, street: self.street ?? "",
      community: self.community ?? "", detail: self.detail)
  }
}

/// The wire value for a word of the file; throws a sentence that lists the words there are.
func known<Value: CaseIterable>(_ text: String, _ field: String) throws -> Value {
  if let found = value(text, of: Value.self) { return found }
  let words = Value.allCases.map { word($0) }.joined(separator: ", ")
  throw ValidationError("\(text) is no \(field); it is one of: \(words).")
}
