import DomainModel
import HTTP2
import RPC

// What the connection reports of the answer.
extension ClientCall {
  func response(_ fields: HeaderList, isLast: Bool) {
    guard !self.isOver else { return }
    let head = ResponseHead(fields)
    self.outcome = head.outcome(fields, isLast: isLast)
    self.replay.forget()
    if isLast { self.pushback = Pushback(fields["grpc-retry-pushback-ms"]) }
    do throws(ServiceError) {
      if isLast {
        try self.tellTrailersOnly(fields)
      } else if case .failure(let error) = self.outcome {
        // A response that is no gRPC will bring nothing that can be read.
        throw error
      } else if !self.hasAnswerBegun {
        self.hasAnswerBegun = true
        try self.takeEncoding(head, fields)
        try self.options.tellResponse(fields)
      }
    } catch {
      self.fail(error)
    }
  }

  func trailers(_ fields: HeaderList) {
    guard !self.isOver else { return }
    self.outcome = ResponseHead(fields).ending(fields)
    do throws(ServiceError) {
      try self.options.tellTrailers(fields)
    } catch {
      self.fail(error)
    }
  }

  private func tellTrailersOnly(_ fields: HeaderList) throws(ServiceError) {
    if !self.keepsTrailers {
      try self.options.tellTrailers(fields)
    } else if self.options.onTrailers != nil {
      self.keptTrailers = try Metadata(fields)
    }
  }

  /// Tells the trailers that were kept: no further attempt is made.
  func tellKeptTrailers() {
    if let kept = self.keptTrailers.take() { self.options.onTrailers?(kept) }
  }

  private func takeEncoding(
    _ head: ResponseHead, _ fields: HeaderList
  ) throws(ServiceError) {
    switch head.encoding {
    case .none: break
    case .gzip:
      self.reader = MessageReader(
        messageBytesMax: self.bounds.messageBytesMax, allowsCompressed: true)
    case .unknown:
      let name = fields["grpc-encoding"] ?? ""
      throw ServiceError(
        code: .internal, message: "The answer is compressed with \(name), which nobody asked for.")
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer) {
    guard !self.isOver else {
      self.giveBack(bytes.count)
      return
    }
    do throws(ServiceError) {
      var rest = bytes
      while let message = try self.reader.next(&rest) {
        self.options.onAnswer?(message.isCompressed)
        self.messageCame(message)
      }
      self.tookBytes(bytes.count)
    } catch {
      self.fail(error)
    }
  }

  /// The stream is over.
  func closed(_ code: HTTP2ErrorCode) {
    guard !self.isOver else { return }
    if let outcome = self.outcome {
      guard case .failure(let error) = outcome else {
        self.endWell()
        return
      }
      self.end(error)
    } else {
      self.end(ResponseStatus.reset(code))
    }
  }

  /// The connection broke.
  func lost() {
    guard !self.isOver else { return }
    self.end(
      ServiceError(code: .unavailable, message: "The connection broke before the call ended."))
  }

  private func endWell() {
    guard self.reader.isAtBoundary else {
      self.end(ServiceError(code: .internal, message: "The answer ends within a message."))
      return
    }
    guard let onAnswer = self.onAnswer else {
      self.setOver(nil)
      self.ended(nil)
      return
    }
    self.inboundFinished()
    guard case .success(let answer?) = self.takeReady(),
      case .success(nil) = self.takeReady()
    else {
      self.end(
        ServiceError(
          code: .unimplemented, message: "The answer is not exactly one message."))
      return
    }
    self.setOver(nil)
    self.onAnswer = nil
    onAnswer.resume(returning: answer)
  }
}
