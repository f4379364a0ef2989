import DomainModel
import RPC
import TestSupport
import Testing
import Transport

@testable import ServiceKit

@Suite struct PeerChannelTests {
  @Test(arguments: ServiceName.allCases)
  func `every unary method of a peer is made again when no server took it`(_ peer: ServiceName) {
    let servers = PeerServers(PeerAddress(host: "127.0.0.1", port: 1))
    let policies = PeerChannel.configuration(to: peer, at: servers, random: SeededRandom()).policies
    let methods = PeerChannel.idempotent(peer)
    #expect(!methods.isEmpty)
    for method in methods {
      #expect(method.kind == .unary)
      #expect(policies[method].retry?.codes == [.unavailable])
    }
    let other = Method(service: "other.Service", name: "Do", kind: .unary)
    #expect(policies[other].retry == nil)
  }

  @Test func `only servers that say they serve get calls`() throws {
    let servers = PeerServers(PeerAddress(host: "127.0.0.1", port: 1))
    let watch = try #require(
      PeerChannel.configuration(to: .approval, at: servers, random: SeededRandom()).health)
    #expect(watch.method.path == "/grpc.health.v1.Health/Watch")
    #expect(watch.isServing([8, 1]))
    for answer: [UInt8] in [[8, 0], [8, 2], [8, 3], [], [0xFF]] {
      #expect(!watch.isServing(answer))
    }
  }
}
