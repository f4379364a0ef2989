import DomainModel
import Logging
import RPC
import TestSupport
import Testing

@Suite struct RouterTests {
  let logs = RecordedLogs()

  /// Calls the unary method and returns the error it ended with.
  private func refusal(
    _ rule: AccessRule, caller: Caller? = nil, metadata: Metadata = Metadata(),
    _ onEcho: @escaping @Sendable (CallContext) throws -> Void = { _ in }
  ) async throws -> ServiceError? {
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, rule) }
    var service = EchoService()
    service.onEcho = { _, context in try onEcho(context) }
    let channel = try InProcessTransport(
      service.router(access: access, logger: self.logs.logger()), clock: FakeClock())
    var metadata = metadata
    if let caller { metadata = Metadata(caller: caller) }
    do {
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage(), CallOptions(metadata: metadata))
      return nil
    } catch let error as ServiceError {
      return error
    }
  }

  @Test func `the caller reaches the handler as the metadata says`() async throws {
    let caller = Caller(
      kind: .officer, id: "police-7", citizenID: nil, office: "330106001000", role: "review")
    let error = try await self.refusal(.only([.officer: .office]), caller: caller) {
      #expect($0.caller == caller)
    }
    #expect(error == nil)
  }

  @Test func `a caller who does not say who it is gets UNAUTHENTICATED`() async throws {
    let error = try await self.refusal(.only([.officer: .office]))
    #expect(error?.code == .unauthenticated)
    #expect(error?.reason == "CALLER_UNKNOWN")
  }

  @Test func `a caller of another kind gets PERMISSION_DENIED`() async throws {
    let error = try await self.refusal(
      .only([.officer: .office]), caller: Caller(kind: .applicant, id: "a"))
    #expect(error?.code == .permissionDenied)
    #expect(error?.reason == "CALLER_NOT_ALLOWED")
  }

  @Test func `a rule may name services, and then no other one gets in`() async throws {
    let rule = AccessRule.only([.auditor: .everything], services: [.approval])
    for caller in [Caller(service: .approval), Caller(kind: .auditor, id: "a")] {
      #expect(try await self.refusal(rule, caller: caller) == nil)
    }
    for caller in [
      Caller(service: .intake), Caller(kind: .service, id: "stranger"),
      Caller(kind: .officer, id: "approval"),
    ] {
      let error = try await self.refusal(rule, caller: caller)
      #expect(error?.reason == "CALLER_NOT_ALLOWED")
    }
    #expect(try await self.refusal(.services([.approval]))?.reason == "CALLER_UNKNOWN")
  }

  @Test(arguments: [
    (["Bearer nonsense"], "no test made it"), ([""], "authorization is not Bearer"),
    (["Basic dXNlcjpwYXNz"], "authorization is not Bearer"),
    (["bearer"], "authorization is not Bearer"), (["Bearer "], "no test made it"),
    (["Bearer a", "Bearer b"], "authorization stands 2 times"),
  ])
  func `what is not believed refuses the call, whatever the method`(
    _ shown: [String], _ why: String
  ) async throws {
    var metadata = Metadata()
    for text in shown { metadata.append("authorization", text) }
    let error = try await self.refusal(.anyone, metadata: metadata)
    #expect(error?.code == .unauthenticated)
    #expect(error?.reason == "TOKEN_INVALID")
    #expect(error?.metadata.isEmpty == true && error?.message.contains(why) == false)
    #expect(self.logs.lines.contains { $0.metadata["why"] == why })
  }

  @Test func `the scheme may be written in any case`() async throws {
    let caller = Caller(kind: .auditor, id: "a")
    let metadata = Metadata(["authorization": "bEARER \(TestIdentity.token(caller))"])
    #expect(try await self.refusal(.only([.auditor: .everything]), metadata: metadata) == nil)
  }

  @Test func `no handler and no line of the log sees the token`() async throws {
    let caller = Caller(kind: .auditor, id: "a")
    let token = TestIdentity.token(caller)
    var metadata = Metadata(bearer: token)
    metadata.append("x-other", "1")
    let error = try await self.refusal(.only([.auditor: .everything]), metadata: metadata) {
      #expect($0.caller == caller)
      #expect($0.metadata == Metadata(["x-other": "1"]))
    }
    #expect(error == nil)
    _ = try await self.refusal(.anyone, metadata: Metadata(bearer: "test-secret"))
    #expect(!self.logs.lines.contains { "\($0)".contains(token) })
    #expect(!self.logs.lines.contains { "\($0)".contains("test-secret") })
  }

  @Test func `the handler learns what the caller reaches`() async throws {
    let rule = AccessRule.only(
      [.applicant: .ownAndWards, .auditor: .everything], services: [.intake])
    let expected: [(Caller, ReachRule)] = [
      (Caller(kind: .applicant, id: "a"), .ownAndWards),
      (Caller(kind: .auditor, id: "a"), .everything), (Caller(service: .intake), .everything),
    ]
    for (caller, reach) in expected {
      let error = try await self.refusal(rule, caller: caller) { #expect($0.reach == reach) }
      #expect(error == nil)
    }
    let error = try await self.refusal(.anyone) { #expect($0.reach == nil) }
    #expect(error == nil)
  }

  @Test func `a method for anyone needs no caller`() async throws {
    let error = try await self.refusal(.anyone) { #expect($0.caller == nil) }
    #expect(error == nil)
  }

  @Test func `what is no ServiceError is internal, withheld from the caller and logged`()
    async throws
  {
    struct Secret: Error {}
    let error = try await self.refusal(.anyone) { _ in throw Secret() }
    #expect(error?.code == .internal)
    #expect(error?.message.contains("Secret") == false)
    #expect(self.logs.lines.contains { $0.metadata["error"]?.contains("Secret") ?? false })
  }

  @Test func `each call has one line, with the caller but never the citizen id`() async throws {
    let caller = Caller(kind: .applicant, id: "app-1", citizenID: "11010519491231002X")
    _ = try await self.refusal(.only([.applicant: .ownAndWards]), caller: caller)
    let lines = self.logs.lines.filter { $0.message == "call" }
    #expect(lines.count == 1)
    #expect(lines.first?.metadata["rpc.method"] == "test.Echo/Echo")
    #expect(lines.first?.metadata["rpc.status"] == "0")
    #expect(lines.first?.metadata["rpc.caller"] == "applicant:app-1")
    #expect(!self.logs.lines.contains { "\($0)".contains("11010519491231002X") })
  }

  @Test func `interceptors end exactly once, also for a refused call`() async throws {
    let begun = Progress()
    let ended = Progress()
    let router = EchoService().router(
      access: nil, interceptors: [Counting(begun: begun, ended: ended)])
    let channel = try InProcessTransport(router, clock: FakeClock())
    let _: RawMessage = try await channel.unary(EchoService.echo, RawMessage())
    await #expect(throws: ServiceError.self) {
      let _: RawMessage = try await channel.unary(
        EchoService.echo, RawMessage(),
        CallOptions(metadata: Metadata(bearer: "nobody")))
    }
    #expect(begun.count == 1)
    #expect(ended.count == 2)
  }

  @Test func `a router says every problem at once and does not start`() throws {
    let access = AccessTable([
      EchoService.echo: .anyone, EchoService.count: .anyone,
      EchoService.list: .anyone, EchoService.list: .anyone,
      Method(service: "test.Echo", name: "Gone", kind: .unary): .anyone,
    ])
    var router = EchoService().router(access: access)
    router.unary(EchoService.echo) { (request: RawMessage, _) -> RawMessage in request }
    let error = #expect(throws: RouterError.self) { try router.check() }
    #expect(
      error?.problems == [
        "/test.Echo/Chat has no entry in the access table",
        "/test.Echo/Echo is registered twice",
        "/test.Echo/List stands twice in the access table",
        "/test.Echo/Gone stands in the access table but is not registered",
      ])
    #expect(throws: RouterError.self) { try InProcessTransport(router, clock: FakeClock()) }
  }

  @Test func `a rule that makes no sense keeps the router from starting`() {
    let access = AccessTable([
      EchoService.echo: .only([.applicant: .everything, .officer: .submitted]),
      EchoService.count: .services([]),
      EchoService.list: .only([.service: .everything]),
      EchoService.chat: .only([.auditor: .adds]),
    ])
    let router = EchoService().router(access: access)
    let error = #expect(throws: RouterError.self) { try router.check() }
    #expect(
      error?.problems == [
        "/test.Echo/Echo: applicant cannot reach 'everything'",
        "/test.Echo/Echo: officer cannot reach 'submitted'",
        "nobody may call /test.Echo/Count",
        "/test.Echo/List: service cannot reach 'everything'",
        "/test.Echo/Chat: auditor cannot reach 'adds'",
      ])
  }
}

private struct Counting: ServerInterceptor {
  let begun: Progress
  let ended: Progress

  func begin(_ context: inout CallContext) throws { self.begun.step() }
  func end(_ context: CallContext, _ outcome: CallOutcome) { self.ended.step() }
}
