internal import COpenSSL

/// PEM texts in memory, through libcrypto's memory BIO.
enum PEM {
  /// The text that `write` puts into a BIO.
  static func text(
    _ operation: String, secret: Bool, write: (OpaquePointer) -> Int32
  ) throws(CryptoError) -> [UInt8] {
    // A BIO in secure memory wipes what it held when it is freed.
    guard let bio = BIO_new(secret ? BIO_s_secmem() : BIO_s_mem()) else {
      throw .library("memory BIO")
    }
    defer { BIO_free(bio) }
    try CryptoError.require(write(bio), operation)
    var text: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1_024)
    while true {
      let count = BIO_read(bio, &chunk, Int32(chunk.count))
      if count <= 0 { return text }
      text += chunk[..<Int(count)]
    }
  }

  /// The key that `read` finds in a text.
  static func key(
    in text: [UInt8], read: (OpaquePointer) -> OpaquePointer?
  ) throws(CryptoError) -> OpaquePointer {
    guard let length = Int32(exactly: text.count), !text.isEmpty,
      let bio = BIO_new_mem_buf(text, length)
    else { throw .keyUnreadable("the text is empty") }
    defer { BIO_free(bio) }
    guard let key = read(bio) else {
      ERR_clear_error()
      throw .keyUnreadable("it holds no PEM key")
    }
    return key
  }
}
