import Crypto
package import DomainModel

/// What an account and its gateway prove to one another (CMPP 2.0, 7.4.1.1 and 7.4.1.2). MD5 is
/// what the protocol asks for; it keeps the secret off the wire and nothing more.
package enum CMPPAuthenticator {
  /// `AuthenticatorSource`: MD5 of account, nine zero bytes, secret and time in ten digits.
  package static func source(account: String, secret: String, time: UInt32) throws -> [UInt8] {
    let zeroes = [UInt8](repeating: 0, count: 9)
    return try MD5.digest(account.latin1 + zeroes + secret.latin1 + Self.digits(time))
  }

  /// `AuthenticatorISMG`: MD5 of status, the account's authenticator and secret.
  package static func gateway(
    status: UInt32, source: [UInt8], secret: String, _ version: CMPPVersion
  ) throws -> [UInt8] {
    let status: [UInt8] =
      switch version {
      case .v2: [UInt8(clamping: status)]
      case .v3: stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: status >> $0) }
      }
    return try MD5.digest(status + source + secret.latin1)
  }

  /// MMDDHHMMSS of Asia/Shanghai as a number.
  package static func time(_ instant: Timestamp) -> UInt32 {
    let digits = CarrierTime.digits(instant).dropFirst(2)
    return UInt32(digits) ?? 0
  }

  private static func digits(_ time: UInt32) -> [UInt8] {
    let text = String(time)
    return Array((String(repeating: "0", count: max(0, 10 - text.count)) + text).utf8)
  }
}
