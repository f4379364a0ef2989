import DomainModel
import RPC
import ToolKit

/// Who calls within this process: a token that says it in clear. Nothing of it would be safe where
/// anybody else could call, and nobody can.
struct OwnCallers: CallerAuthority, CallerTokens {
  let trustsLoopbackOnly = true

  private static let separator: Character = ";"

  func token(for caller: Caller) -> String {
    let face = caller.login?.faceCheckedAt.map { "\($0.milliseconds)" } ?? ""
    let parts = [
      caller.kind.rawValue, caller.id, caller.citizenID ?? "", caller.office ?? "",
      caller.role ?? "", face,
    ]
    return parts.joined(separator: String(Self.separator))
  }

  func caller(
    token: Substring?, peer: PeerCertificate?
  ) throws(CredentialsRefused) -> Caller? {
    guard let token else { return nil }
    let parts = token.split(separator: Self.separator, omittingEmptySubsequences: false)
    guard parts.count == 6, let kind = Caller.Kind(rawValue: String(parts[0])) else {
      throw CredentialsRefused(.tokenInvalid, why: "this process did not make it")
    }
    func text(_ index: Int) -> String? { parts[index].isEmpty ? nil : String(parts[index]) }
    let face = Int64(parts[5]).map { Timestamp(milliseconds: $0) }
    return Caller(
      kind: kind, id: String(parts[1]), citizenID: text(2), office: text(3), role: text(4),
      login: face.map { Login(faceCheckedAt: $0) })
  }
}

/// One caller's token.
struct OwnToken: TokenSource {
  let caller: Caller

  func token() -> String { OwnCallers().token(for: self.caller) }
}
