import DomainModel
import Logging
import Synchronization
import Transport

extension CarrierGateway {
  /// How often the session looks at the time, in milliseconds.
  private static var tickMs: Int64 { 100 }
  /// How long a connection that has ended may take for its last words, in milliseconds.
  private static var lingerMs: Int64 { 200 }

  /// Connects, serves the connection, and connects again after a wait that grows with each failure,
  /// until the task is cancelled; then it waits for answers that are due, and says goodbye.
  package func run(_ keeper: any ReceiptKeeper) async throws {
    await withTaskCancellationHandler {
      var failures = 0
      var number = 0
      while !Task.isCancelled {
        number += 1
        let end = await self.serveOnce(number, keeper)
        if Task.isCancelled { break }
        failures = end.wasOfUse ? 1 : failures + 1
        let delayMs = self.settings.reconnect.delayMs(failures: failures, self.parts.random)
        self.parts.logger.warning(
          "gateway: no connection",
          metadata: [
            "gateway": "\(self.name)", "reason": "\(end.reason)", "again_ms": "\(delayMs)",
          ])
        try? await self.parts.time.sleep(milliseconds: delayMs)
      }
    } onCancel: {
      self.stop()
    }
    try Task.checkCancellation()
  }

  private struct End {
    let reason: String
    /// Whether we had been let in: the next try comes soon.
    let wasOfUse: Bool
  }

  private func serveOnce(_ number: Int, _ keeper: any ReceiptKeeper) async -> End {
    do {
      let stream = try await self.parts.dialer.dial(self.settings.server)
      let now = self.parts.time.now()
      let session = try CarrierSession(
        self.dialect, self.settings.limits, jitter: self.parts.random.jitter(), now: now)
      return await self.serve(CarrierLine(session, stream, now), number, keeper)
    } catch {
      return End(reason: "\(error)", wasOfUse: false)
    }
  }

  private func serve(
    _ line: CarrierLine<Dialect>, _ number: Int, _ keeper: any ReceiptKeeper
  ) async -> End {
    let isStopping = self.state.withLock { state in
      state.line = line
      return state.isStopping
    }
    if isStopping { self.stop() }
    let (signals, signal) = AsyncStream.makeStream(
      of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let end = await withTaskGroup(of: End?.self) { group in
      group.addTask { await self.read(line.stream, number) { signal.yield() } }
      group.addTask {
        for await _ in signals { await self.keepAll(keeper, number) }
        return nil
      }
      group.addTask {
        while (try? await self.parts.time.sleep(milliseconds: Self.tickMs)) != nil {
          let heard = self.step(number) { $0.tick($1) }
          // Who says nothing keeps the reader waiting: only this ends it.
          if heard.end != nil { line.stream.close(afterMs: Self.lingerMs) }
          signal.yield()
        }
        return nil
      }
      for await end in group {
        guard let end else { continue }
        self.state.withLock { $0.line = nil }
        signal.finish()
        group.cancelAll()
        return end
      }
      return End(reason: "no reader", wasOfUse: false)
    }
    await self.keepAll(keeper, number)
    return end
  }

  /// Reads until the session or the connection ends.
  private func read(
    _ stream: any ByteStream, _ number: Int, _ signal: () -> Void
  ) async -> End {
    var wasOfUse = false
    while let bytes = await stream.read() {
      let heard = self.step(number) { $0.receive(bytes, now: $1) }
      wasOfUse = wasOfUse || heard.wasLetIn
      if heard.hasNews { signal() }
      if let end = heard.end {
        stream.close(afterMs: Self.lingerMs)
        return End(reason: "\(end)", wasOfUse: wasOfUse)
      }
      await self.waitForKeeper()
    }
    let heard = self.step(number) { session, _ in session.lost() }
    stream.close(afterMs: 0)
    return End(reason: "\(heard.end ?? .lost)", wasOfUse: wasOfUse)
  }

  /// While too much waits to be kept, nothing more is read.
  private func waitForKeeper() async {
    let max = self.settings.limits.unkeptMax
    while self.state.withLock({ ($0.line?.session.unkeptCount ?? 0) >= max }) {
      guard (try? await self.parts.time.sleep(milliseconds: 5)) != nil else { return }
    }
  }

  /// No new messages; the connection ends when the answers that are due have come.
  private func stop() {
    let stream = self.state.withLock { state in
      state.isStopping = true
      return state.line?.stream
    }
    let heard = self.step(nil) { $0.leave($1) }
    stream?.close(afterMs: heard.end == nil ? self.settings.leaveMs : Self.lingerMs)
  }
}

extension CarrierGateway {
  private struct Heard {
    var wasLetIn = false
    var hasNews = false
    var end: SessionEnd?
  }

  /// One step of the session: what it says is sent, told to those who wait, or put down to be kept.
  private func step(
    _ number: Int?, _ body: (inout CarrierSession<Dialect>, Timestamp) -> [SessionEvent]
  ) -> Heard {
    let now = self.parts.time.now()
    var heard = Heard()
    let told = self.state.withLock { state -> [(SendTable.Asker, SendReport)] in
      let events = state.line?.step { body(&$0, now) } ?? []
      var told: [(SendTable.Asker, SendReport)] = []
      for event in events {
        switch event {
        case .opened: heard.wasLetIn = true
        case .answered(let ticket, let answer, let sends):
          let over = state.sends.note(ticket, answer, sends: sends, gateway: self.name)
          if let over { told.append(over) }
        case .lateAnswer(let ticket, let answer):
          state.news.add(.init(news: self.news(ticket, answer), delivery: nil, line: number ?? 0))
          heard.hasNews = true
        case .delivery(let delivery):
          let news = delivery.receipt.map { self.news($0, now) }
          state.news.add(.init(news: news, delivery: delivery, line: number ?? 0))
          heard.hasNews = true
        case .closed(let end): heard.end = end
        }
      }
      return told
    }
    for (asker, report) in told { asker.resume(returning: report) }
    if let end = heard.end { self.log(end) }
    return heard
  }

  private func log(_ end: SessionEnd) {
    self.parts.logger.info(
      "gateway: connection ended", metadata: ["gateway": "\(self.name)", "reason": "\(end)"])
  }

  private func news(_ receipt: CarrierReceipt, _ now: Timestamp) -> GatewayNews {
    .receipt(
      DeliveryReceipt(
        gateway: self.name, providerID: receipt.id, state: receipt.state, code: receipt.code,
        at: receipt.at ?? now))
  }

  private func news(_ ticket: SegmentTicket, _ answer: SegmentAnswer) -> GatewayNews {
    var id: String?
    var refusal = ""
    switch answer {
    case .taken(let taken): id = taken
    case .refused(let code, _), .unanswered(let code), .notSent(let code): refusal = code
    }
    return .lateAnswer(
      LateAnswer(
        gateway: self.name, messageID: ticket.messageID, attempt: ticket.attempt,
        segment: ticket.segment, providerID: id, code: refusal))
  }

  /// Has everything kept that came, batch by batch, and answers it.
  private func keepAll(_ keeper: any ReceiptKeeper, _ number: Int) async {
    while true {
      let batch = self.state.withLock { $0.news.takeBatch() }
      if batch.isEmpty { return }
      let isKept = await self.keep(batch.compactMap(\.news), keeper)
      self.state.withLock { state in
        if !isKept { state.news.putBack(batch) }
        for item in batch where item.line == number {
          guard let delivery = item.delivery else { continue }
          _ = state.line?.step { session in
            session.confirm(delivery, isKept: isKept)
            return []
          }
        }
      }
      // What is put back waits for the next tick.
      if !isKept { return }
    }
  }

  private func keep(_ news: [GatewayNews], _ keeper: any ReceiptKeeper) async -> Bool {
    if news.isEmpty { return true }
    do {
      try await keeper.keep(news)
      return true
    } catch {
      self.parts.logger.warning(
        "gateway: receipts were not kept: \(error)", metadata: ["gateway": "\(self.name)"])
      return false
    }
  }
}
