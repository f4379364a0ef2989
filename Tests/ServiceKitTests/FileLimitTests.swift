import Glibc
import Testing

@testable import ServiceKit

@Suite struct FileLimitTests {
  @Test func `the process may open as many files as the system allows`() {
    let raised = FileLimit.raise()
    var limit = rlimit()
    #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
    #expect(limit.rlim_cur == limit.rlim_max)
    #expect(raised == Int(clamping: limit.rlim_cur))
  }

  @Test func `connections leave room for the process's own files`() {
    #expect(FileLimit.connections(10_000, under: 20_000) == 10_000)
    #expect(FileLimit.connections(10_000, under: 1_024) == 768)
    #expect(FileLimit.connections(10_000, under: 100) == 1)
  }
}
