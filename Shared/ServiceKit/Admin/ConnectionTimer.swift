internal import NIOCore

/// Closes a connection some time after it opened, whatever it does by then.
final class ConnectionTimer: ChannelInboundHandler {
  typealias InboundIn = NIOAny

  private let delay: TimeAmount
  private var timer: Scheduled<Void>?

  init(closingAfter delay: TimeAmount) {
    self.delay = delay
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    self.timer = context.eventLoop.scheduleTask(in: self.delay) {
      channel.close(promise: nil)
    }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.timer?.cancel()
  }
}
