import Glibc

/// Runs the closure on a new thread, which ends with it: for work that blocks and must hold up
/// neither an event loop nor the pool that tasks run on.
func startThread(_ run: @escaping @Sendable () -> Void) {
  final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) {
      self.run = run
    }
  }
  var thread = pthread_t()
  let code = pthread_create(
    &thread, nil,
    { context in
      if let context { Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, Unmanaged.passRetained(Body(run)).toOpaque())
  precondition(code == 0, "a thread could not be started: error \(code)")
  pthread_detach(thread)
}
