import Glibc

/// Wakes a thread that waits on a socket: a pipe whose reading end it polls beside it.
final class Bell: Sendable {
  let descriptor: Int32
  private let ringing: Int32

  init() {
    var ends: [Int32] = [-1, -1]
    let code = pipe(&ends)
    precondition(code == 0, "a pipe could not be made: error \(errno)")
    for end in ends {
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
    }
    self.descriptor = ends[0]
    self.ringing = ends[1]
  }

  deinit {
    close(self.descriptor)
    close(self.ringing)
  }

  /// Wakes the thread now or when it next waits; from any thread.
  func ring() {
    var byte: UInt8 = 1
    // A full pipe means that it rings already.
    _ = write(self.ringing, &byte, 1)
  }

  /// Stops the ringing; by the thread that was woken.
  func silence() {
    var bytes = [UInt8](repeating: 0, count: 64)
    while read(self.descriptor, &bytes, bytes.count) > 0 {}
  }
}

/// What a thread was woken by.
struct Wakening: OptionSet {
  let rawValue: Int

  static let socket = Wakening(rawValue: 1)
  static let bell = Wakening(rawValue: 2)

  /// Waits until the socket can be read (or written), the bell rings, or the time is over (then
  /// nothing has woken it). `socket` is -1 where there is none.
  static func wait(
    socket: Int32, toWrite: Bool = false, bell: Bell, atMostMs milliseconds: Int32
  ) -> Wakening {
    let events = Int16(POLLIN) | (toWrite ? Int16(POLLOUT) : 0)
    var places = [
      pollfd(fd: socket, events: events, revents: 0),
      pollfd(fd: bell.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    var count = poll(&places, 2, milliseconds)
    while count < 0 && errno == EINTR { count = poll(&places, 2, milliseconds) }
    var woken: Wakening = []
    if places[0].revents != 0 { woken.insert(.socket) }
    if places[1].revents != 0 { woken.insert(.bell) }
    return woken
  }
}
