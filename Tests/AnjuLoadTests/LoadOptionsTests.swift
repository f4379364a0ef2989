import Testing

@testable import anju_load

struct LoadOptionsTests {
  @Test(arguments: ["localhost", "::1", "127.0.0.1", "127.255.0.9"])
  func `this machine is loaded`(host: String) {
    #expect(LoadOptions.isLoopback(host))
  }

  @Test(arguments: [
    "127.example.com", "127.0.0.1.example.com", "127.0.0.", "127.0.0", "127.0.0.256", "127.0.0.+1",
    "127.0.0.01", "127.", "128.0.0.1", "10.0.0.1", "::2", "localhost.example.com", "",
  ])
  func `what only begins like this machine is another one`(host: String) {
    #expect(!LoadOptions.isLoopback(host))
  }
}
