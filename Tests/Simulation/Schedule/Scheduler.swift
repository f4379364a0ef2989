import Glibc
import Synchronization

/// The one thread of a simulation: every task prefers this executor, and a seed draws which of
/// those that can go on does. So one seed gives one order of everything, and many seeds many.
///
/// A *task* executor, because handlers, jobs and stores are plain async functions: they have no
/// actor whose serial executor could be ours, but they and all their child tasks run where their
/// task prefers to (SE-0417). What leaves it would run beside the simulation, in an order that
/// nobody draws; so a job from any other thread ends the process.
final class Scheduler: TaskExecutor {
  private enum Step {
    case job(UnownedJob)
    case wake(UnsafeContinuation<Void, Never>)
  }

  private struct State {
    var ready: [Step] = []
    var steps = 0
  }

  private let thread = pthread_self()
  private let chance: Chance
  private let state = Mutex(State())

  /// A scheduler of the thread that makes it.
  init(_ chance: Chance) {
    self.chance = chance
  }

  /// How many steps were made so far.
  var steps: Int { self.state.withLock { $0.steps } }

  func enqueue(_ job: consuming ExecutorJob) {
    precondition(
      pthread_equal(self.thread, pthread_self()) != 0,
      "something of the simulation runs on another thread")
    let step = Step.job(UnownedJob(job))
    self.state.withLock { $0.ready.append(step) }
  }

  /// Lets others go first, if the draw says so. Not `Task.yield`: that goes through the process's
  /// own pool of threads.
  func pause() async {
    await withUnsafeContinuation { continuation in
      self.state.withLock { $0.ready.append(.wake(continuation)) }
    }
  }

  /// Makes one step after another until it is done. `rest` is called when no task can go on, and
  /// says whether one may again. Returns false where none ever can, or within `stepsMax` is not
  /// done.
  func run(
    stepsMax: Int, until isDone: () -> Bool, rest: () -> Bool
  ) -> Bool {
    let last = self.steps + stepsMax
    while !isDone() {
      guard self.steps < last else { return false }
      if let step = self.draw() {
        self.make(step)
      } else if !rest() {
        return false
      }
    }
    return true
  }

  private func draw() -> Step? {
    self.state.withLock { state in
      guard !state.ready.isEmpty else { return nil }
      state.steps += 1
      let last = state.ready.count - 1
      state.ready.swapAt(self.chance.number(0...last), last)
      return state.ready.removeLast()
    }
  }

  private func make(_ step: Step) {
    switch step {
    case .job(let job): job.runSynchronously(on: self.asUnownedTaskExecutor())
    case .wake(let continuation): continuation.resume()
    }
  }
}
