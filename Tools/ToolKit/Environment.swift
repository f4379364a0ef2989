import Foundation

/// A variable of the environment; nil where it is not set or empty.
package func environment(_ name: String) -> String? {
  let value = ProcessInfo.processInfo.environment[name] ?? ""
  return value.isEmpty ? nil : value
}
