/// A fresh idempotency key: 24 random hexadecimal digits behind a word.
func freshKey(_ word: String) -> String {
  let random = UInt64.random(in: 0 ... .max)
  let more = UInt32.random(in: 0 ... .max)
  let digits = String(random, radix: 16) + "-" + String(more, radix: 16)
  return "\(word)-" + String(repeating: "0", count: max(0, 25 - digits.count)) + digits
}
