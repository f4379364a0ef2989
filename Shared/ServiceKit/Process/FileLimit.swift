internal import Glibc

/// How many files and sockets this process may have open at once.
public enum FileLimit {
  /// What is kept for the database, logs, channels to peers and the admin port.
  static let reserved = 256

  /// Raises the limit to what the system allows, because a login's is often 1,024, and returns it.
  @discardableResult
  public static func raise() -> Int {
    let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return Self.reserved }
    if limit.rlim_cur < limit.rlim_max {
      var raised = limit
      raised.rlim_cur = limit.rlim_max
      if setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// How many connections may be kept of those that are wished for, under a limit of files.
  static func connections(_ wished: Int, under limit: Int) -> Int {
    max(min(wished, limit - Self.reserved), 1)
  }
}
