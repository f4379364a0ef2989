import ArgumentParser
import ToolKit
import Wire

/// Records a residence registration, as the registration system would.
struct Register: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Record a residence registration (居住登记) of a form's applicant.")

  @Argument(help: "A form's file: its applicant is registered at its residence.")
  var file: String

  @Option(help: "The day it was declared (申报日), YYYY-MM-DD.")
  var declaredOn: String

  @Option(help: "The office that registered: 12 digits.")
  var office: String

  @OptionGroup var addresses: Addresses

  func run() async throws {
    let form = try FormFile.read(self.file).form()
    try await self.addresses.withServices { services in
      let request = RegistryV1.RecordRegistrationRequest(
        idempotencyKey: freshKey("register"), person: form.applicant, address: form.residence,
        declaredOn: self.declaredOn, officeCode: self.office)
      let answer = try await services.registry.recordRegistration(
        request, options: services.options(as: .registrationSystem))
      let id = answer.registration?.registrationID ?? ""
      try Output(json: self.addresses.json).show(
        ["registration_id": id], "registered since \(self.declaredOn): \(id)")
    }
  }
}
