import Crypto
import DomainModel

/// A fresh idempotency key: a word and 24 random hexadecimal digits.
package func freshKey(_ word: String) -> String {
  let digits = SecureRandom().bytes(12).map { byte in
    String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
  }
  return "\(word)-\(digits.joined())"
}
