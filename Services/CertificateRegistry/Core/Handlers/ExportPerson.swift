import DomainModel
import PermitProof
import RPC
import ServiceCore
import Storage
import Wire

extension RegistryHandlers {
  /// Streams a copy of everything that is kept about a person, and a signed manifest (个人信息保护法
  /// Art. 45). That it was made is kept before any of it is sent.
  func exportPerson(
    _ request: RegistryV1.ExportPersonRequest,
    _ responses: ResponseWriter<RegistryV1.ExportPersonResponse>, _ context: CallContext
  ) async throws {
    let caller = try context.requireCaller()
    let asker = try self.subjectAsker(of: context)
    let subject = try SubjectClaim(request).checked(by: asker, on: self.today)
    try self.exports.take(for: caller)
    defer { self.exports.giveBack(by: caller) }
    let now = self.time.now()
    let person = try await self.noteExport(of: subject, asker, context, at: now)
    let export = PersonExport(
      self.store, sealer: self.parts.sealer, of: person,
      calling: asker == .officer ? nil : caller.principal)
    let log = self.store.log
    let head = try await self.store.read { try log.newestHead($0)?.signed.head }
    var file = try ExportFile(of: person.text, at: now, head: head)
    var sections = try await export.sections()[...]
    while let section = sections.popFirst() {
      let (lines, next) = try await export.lines(of: section)
      for line in lines {
        guard let piece = try file.add(line) else { continue }
        try await responses.write(RegistryV1.ExportPersonResponse(data: piece))
      }
      if let next { sections.insert(next, at: sections.startIndex) }
    }
    let data = file.take()
    try await responses.write(
      RegistryV1.ExportPersonResponse(data: data, manifest: try await self.manifest(of: file)))
  }

  /// Keeps who is given the copy; returns the person's id.
  private func noteExport(
    of subject: SubjectRequest, _ asker: SubjectAsker, _ context: CallContext,
    at now: Timestamp
  ) async throws -> ID<Storage.Person> {
    let reach = try self.subjectReach(of: context, asker)
    let check = self.subjectCheck(of: context, asker)
    let actor = try self.subjectActor(of: context, asker)
    let store = self.store
    return try await self.parts.store.write { transaction in
      let person = try store.subject(transaction, subject, within: reach)
      try check.get()
      try store.provisions.record(
        transaction,
        ExportProvision(
          at: now, actor: actor.principal, office: actor.office, person: person.text,
          reference: subject.reference.isEmpty ? nil : subject.reference))
      return person
    }
  }

  private func manifest(of file: ExportFile) async throws -> RegistryV1.ExportManifest {
    let (bytes, sha256) = try file.manifest(signedBy: self.signer.keyID)
    return RegistryV1.ExportManifest(
      manifest: bytes, signature: try await self.signer.sign(bytes), keyID: self.signer.keyID,
      publicKeyPem: self.signer.publicKeyPEM, sha256: sha256,
      sizeBytes: Int64(file.byteCount), lineCount: Int64(file.lineCount),
      atMs: file.at.milliseconds)
  }
}
