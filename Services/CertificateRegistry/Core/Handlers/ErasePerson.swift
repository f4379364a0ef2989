import DomainModel
import RPC
import ServiceCore
import Wire

extension RegistryHandlers {
  /// Erases a person whose term is over, at his own request or a near relative's (个人信息保护法
  /// Arts. 47 and 49). What is erased cannot be brought back, so nobody is while a clock that is
  /// far off or a damaged log has issuing stopped.
  func erasePerson(
    _ request: RegistryV1.ErasePersonRequest, _ context: CallContext
  ) async throws -> RegistryV1.ErasePersonResponse {
    let asker = try self.subjectAsker(of: context)
    let reach = try self.subjectReach(of: context, asker)
    let check = self.subjectCheck(of: context, asker)
    let actor = try self.subjectActor(of: context, asker)
    let machine = self.erasure
    return try await self.once.answer(request, key: request.idempotencyKey, context) { call in
      try self.issuing.requireOpen()
      let (subject, erasure) = try ErasureClaim(request).checked(by: asker, on: self.today)
      return try await call.acting(as: actor).commit { transaction, stamp in
        let person = try self.store.subject(transaction, subject, within: reach)
        try check.get()
        let lines = try self.store.erase(transaction, person, erasure, by: machine, stamp)
        return RegistryV1.ErasePersonResponse(
          erasedAtMs: stamp.now.milliseconds,
          entries: lines.map {
            RegistryV1.LogEntryKey(entityID: $0.entity, version: Int64($0.version))
          })
      }
    }
  }
}
