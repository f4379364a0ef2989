import DomainModel
import HTTP2
import NIOCore
import NIOEmbedded
import Synchronization
import TestSupport
import Testing

@testable import Transport

/// What ends a read cycle beside its completion.
enum BrokenCycle: CaseIterable, Sendable {
  case error
  case closed
}

@Suite struct LoopExecutorTests {
  @Test(arguments: BrokenCycle.allCases)
  func `a read cycle that does not complete leaves no job waiting`(
    _ broken: BrokenCycle
  ) throws {
    let loop = EmbeddedEventLoop()
    let executor = LoopExecutor(loop)
    let session = try ServerSession()
    let channel = EmbeddedChannel(
      handler: ConnectionHandler(
        executor: executor, session: session, limits: TransportLimits()), loop: loop)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    loop.run()
    var preface = ByteBuffer()
    let client = try ClientSession()
    _ = try client.output(upTo: 1 << 20) { preface.writeBytes($0) }

    channel.pipeline.fireChannelRead(preface)
    switch broken {
    case .error: channel.pipeline.fireErrorCaught(ChannelError.inputClosed)
    case .closed: _ = channel.close()
    }

    let ran = Progress()
    Task(executorPreference: executor) { ran.step() }
    loop.run()
    #expect(ran.count == 1)
  }
}
