public import DomainModel
import NIOCore
import NIOPosix
import NotificationGateways

/// An SMSC to test against, on loopback: SMPP or CMPP, with delays, errors, drops, throttling, and
/// receipts early, late, twice or never, as its script says.
public struct SMSCServer: Sendable {
  /// Which protocol it speaks.
  public enum Kind: String, Sendable, CaseIterable {
    case smpp, cmpp, cmpp3
  }

  private let listener: any Channel
  /// The port it listens on.
  public let port: Int

  /// Listens on a port of loopback; 0 for any.
  public static func start(
    _ kind: Kind, port: Int = 0, _ account: SMSCAccount, _ script: SMSCScript, _ board: SMSCBoard,
    now: @escaping @Sendable () -> Timestamp
  ) async throws -> SMSCServer {
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          switch kind {
          case .smpp:
            let machine = SMSCMachine(SMPPServerSide(account: account), account, script, board)
            try pipeline.addHandler(SMSCConnection(machine, board, now))
          case .cmpp, .cmpp3:
            let side = CMPPServerSide(version: kind == .cmpp ? .v2 : .v3)
            let machine = SMSCMachine(side, account, script, board)
            try pipeline.addHandler(SMSCConnection(machine, board, now))
          }
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    return SMSCServer(listener: listener, port: listener.localAddress?.port ?? 0)
  }

  /// Takes no more connections; those that are open stay.
  public func stop() async throws {
    try await self.listener.close()
  }
}

/// Confined to its channel's loop.
final class SMSCConnection<Dialect: SMSCDialect>: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private var machine: SMSCMachine<Dialect>
  private let board: SMSCBoard
  private let now: @Sendable () -> Timestamp
  private var isOpen = true

  init(
    _ machine: SMSCMachine<Dialect>, _ board: SMSCBoard, _ now: @escaping @Sendable () -> Timestamp
  ) {
    self.machine = machine
    self.board = board
    self.now = now
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = self.unwrapInboundIn(data)
    for action in self.machine.receive(buffer.readableBytesView, now: self.now()) {
      self.act(action, context)
    }
  }

  func channelReadComplete(context: ChannelHandlerContext) {
    context.flush()
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.isOpen = false
    self.machine.ended()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func act(_ action: SMSCMachine<Dialect>.Action, _ context: ChannelHandlerContext) {
    switch action {
    case .send(let bytes, let afterMs):
      self.later(afterMs, context) { $0.send(bytes, context) }
    case .receipt(let receipt, let afterMs):
      self.later(afterMs, context) { $0.send(receipt, context) }
    case .close:
      context.flush()
      context.close(promise: nil)
    }
  }

  private func later(
    _ afterMs: Int64, _ context: ChannelHandlerContext, _ act: @escaping (SMSCConnection) -> Void
  ) {
    if afterMs == 0 { return act(self) }
    context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(afterMs)) {
      act(self)
      if self.isOpen { context.flush() }
    }
  }

  private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
    guard self.isOpen else { return }
    context.write(NIOAny(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
  }

  private func send(_ receipt: SMSCReceipt, _ context: ChannelHandlerContext) {
    guard self.isOpen else { return self.board.hold([receipt]) }
    self.send(self.machine.bytes(of: receipt), context)
  }
}
