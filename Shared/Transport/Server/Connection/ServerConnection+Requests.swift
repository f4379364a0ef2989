import DomainModel
import HTTP2
import NIOCore
import RPC

/// How a request becomes a call, or is turned away.
extension ServerConnection {
  func begin(_ stream: HTTP2Stream, _ fields: HeaderList) {
    let head = RequestHead(fields, &self.routes)
    if head.route == nil, self.serverLoop.page?.isAsked(fields) == true {
      self.pageStreams.insert(stream.id)
      return
    }
    guard head.isPost else {
      self.serverLoop.turnedAway(self, .notPOST)
      self.session.respondOnly(stream, ResponseHeaders.methodNotAllowed)
      return
    }
    guard head.isGRPC else {
      self.serverLoop.turnedAway(self, .notGRPC)
      self.session.respondOnly(stream, ResponseHeaders.unsupportedMediaType)
      return
    }
    if head.route == nil || head.problem != nil {
      let unknown = ServiceError(code: .unimplemented, message: "There is no such method here.")
      self.session.respondOnly(stream, ResponseHeaders.trailersOnly(head.problem ?? unknown))
    }
    guard let route = head.route else {
      self.serverLoop.turnedAway(self, .methodUnknown)
      return
    }
    self.begin(route, head, stream)
  }

  private func begin(_ route: Route, _ head: consuming RequestHead, _ stream: HTTP2Stream) {
    let (startedAt, toldAt) = self.serverLoop.turnBegan
    var deadline: NIODeadline?
    var toldDeadline: Timestamp?
    if let timeout = head.timeoutNs {
      deadline = startedAt + .nanoseconds(timeout)
      toldDeadline = toldAt.adding(milliseconds: timeout / 1_000_000)
    }
    if let problem = head.problem {
      route.ended(
        route.context(
          metadata: head.metadata, deadline: toldDeadline, peer: self.peer, link: nil),
        CallOutcome(error: problem, durationNs: 0, wasBegun: false))
      return
    }
    let call = ServerCall(
      self, stream, route,
      CallTerms(
        startedAt: startedAt, deadline: deadline, toldDeadline: toldDeadline,
        metadata: head.metadata, isGzip: head.isGzip, answerEncoding: head.answerEncoding))
    stream.attachment = call
    guard self.serverLoop.takeCall() else {
      call.refuse(ServiceError(.overloaded, retryDelayMs: ServerLoop.retryDelayMs))
      return
    }
    call.begin()
    if let deadline, !call.isTold { self.deadlines?.watch(deadline) }
  }

  func requestEnded(_ stream: HTTP2Stream) {
    if let call = self.call(stream) {
      call.requestEnded()
    } else if self.pageStreams.remove(stream.id) != nil, let page = self.serverLoop.page {
      self.session.answer(stream, with: page)
    }
  }
}
