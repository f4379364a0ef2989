import DomainModel
import RPC
import TestSupport
import Testing

/// Who calls by certificate, and what a token beside it does.
@Suite struct PeerIdentityTests {
  private static let intake = "spiffe://anju/service/intake"

  /// The caller of a call on a connection with this certificate.
  private func caller(
    _ uris: [String], token: Caller? = nil
  ) async throws -> Result<Caller?, ServiceError> {
    var access = AccessTable()
    for method in EchoService.methods { access.allow(method, .anyone) }
    let seen = Kept<Caller?>()
    var service = EchoService()
    service.onEcho = { _, context in seen.keep(context.caller) }
    let router = service.router(access: access)
    let route = try #require(router.route(EchoService.echo.path))
    var context = route.context(
      metadata: token.map(Metadata.init(caller:)) ?? Metadata(), deadline: nil,
      peer: PeerCertificate(uris: uris, dnsNames: ["intake.anju.example"]), link: nil)
    do throws(ServiceError) {
      _ = try await route.unary([], &context)
      return .success(seen.last ?? nil)
    } catch {
      return .failure(error)
    }
  }

  @Test func `a certificate names the service that calls`() async throws {
    #expect(try await self.caller([Self.intake]) == .success(Caller(service: .intake)))
  }

  @Test(arguments: [
    [], ["spiffe://anju/service/strangers"], ["spiffe://anju/service/"],
    ["spiffe://other/service/intake"], ["https://anju/service/intake"],
    ["spiffe://anju/service/intake", "spiffe://anju/service/approval"],
    ["spiffe://anju/service/intake/more"],
  ])
  func `any other certificate names nobody`(_ uris: [String]) async throws {
    #expect(try await self.caller(uris) == .success(nil))
  }

  @Test func `a token counts before the certificate`() async throws {
    let officer = Caller(kind: .officer, id: "p", office: "330106500000", role: "accept")
    #expect(try await self.caller([Self.intake], token: officer) == .success(officer))
  }
}
