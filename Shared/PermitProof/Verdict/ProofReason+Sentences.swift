extension ProofReason {
  /// The sentence of each reason in both languages.
  var sentences: (english: String, chinese: String) {
    switch self {
    case .documentTooLong:
      ("The document has more bytes than any.", "证照文件过长。")
    case .documentTruncated:
      ("The document's end is missing.", "证照文件不完整。")
    case .documentNotCanonical:
      ("The document is not spelled as it was signed.", "证照文件的写法与签发时不同。")
    case .documentFormatUnknown:
      ("It is no permit's document, or of an edition not known here.", "不是居住证文件,或者版本未知。")
    case .documentFieldWrong:
      (
        "A field of the document is missing, out of bounds or at odds with another.",
        "证照文件的项目缺失、越界或者相互矛盾。"
      )
    case .codeNotACode:
      ("The text is no code of ours.", "不是本系统的二维码。")
    case .codeTooLong:
      ("The code is longer than any.", "二维码内容过长。")
    case .codeTruncated:
      ("The code's end is missing.", "二维码内容不完整。")
    case .codeAltered:
      ("The code is not as it was made.", "二维码内容已被改动。")
    case .codeFieldWrong:
      ("The code says what no code says.", "二维码内容不符合规定。")
    case .signatureWrong:
      (
        "The signature is not the named key's over this: forged, or altered after it was signed.",
        "签名不符:伪造,或者签发后被改动。"
      )
    case .keyNotValidThen:
      ("The key did not sign at that time.", "签名密钥当时不在有效期内。")
    case .keyUnknown:
      ("No trusted key has the name that it gives.", "签名密钥不在受信任的密钥之中。")
    case .proofTruncated:
      ("The inclusion proof's end is missing.", "存证证明不完整。")
    case .proofMalformed:
      ("The inclusion proof is none.", "存证证明格式不符。")
    case .proofOfAnother:
      ("The log's record is of another document.", "存证记录不是这份证照的。")
    case .pathWrong:
      ("The path does not lead from the record to the head's root.", "存证路径不能到达树根。")
    case .pathOfAnotherTree:
      ("Path and head are of trees of different sizes.", "存证路径与树头的大小不同。")
    case .headTruncated:
      ("The tree head's end is missing.", "树头不完整。")
    case .headMalformed:
      ("The tree head is none.", "树头格式不符。")
    case .headSignatureWrong:
      ("The tree head is not signed by the key that it names.", "树头的签名不符。")
    case .headKeyNotValidThen:
      ("The tree head's key did not sign at that time.", "树头的签名密钥当时不在有效期内。")
    case .headKeyUnknown:
      ("No trusted key has the name that the tree head gives.", "树头的签名密钥不在受信任的密钥之中。")
    case .headMissing:
      ("There is an inclusion proof, and no tree head to check it against.", "有存证证明,没有树头。")
    case .cancelled:
      ("The permit was cancelled.", "居住证已注销。")
    case .superseded:
      ("Another certificate has taken its place.", "已换发新的证照。")
    case .lost:
      ("The permit was reported lost.", "居住证已挂失。")
    case .suspended:
      ("The permit is suspended.", "居住证使用功能中止。")
    case .snapshotMissing:
      ("There is no snapshot of revocations.", "没有失效清单。")
    case .snapshotTruncated:
      ("The snapshot's end is missing.", "失效清单不完整。")
    case .snapshotMalformed:
      ("The snapshot is none.", "失效清单格式不符。")
    case .snapshotSignatureWrong:
      ("The snapshot is not signed by the key that it names.", "失效清单的签名不符。")
    case .snapshotKeyNotValidThen:
      ("The snapshot's key did not sign at that time.", "失效清单的签名密钥当时不在有效期内。")
    case .snapshotKeyUnknown:
      ("No trusted key has the name that the snapshot gives.", "失效清单的签名密钥不在受信任的密钥之中。")
    case .snapshotOfAnotherLog:
      ("Snapshot and tree head are of different logs.", "失效清单与树头不属于同一存证日志。")
    case .snapshotTooOld:
      ("At that instant there was to be a newer snapshot.", "该时刻应有更新的失效清单。")
    case .snapshotTooNew:
      ("The snapshot is of a later instant than the one asked about.", "失效清单晚于所查时刻。")
    case .expired:
      (
        "The term that it names is over; only the registry knows of an endorsement pending or made.",
        "所载有效期已过;是否正在办理签注或已经签注,以登记机关在线核验为准。"
      )
    case .termNotBegun:
      ("The term has not begun.", "有效期尚未开始。")
    case .notYetSigned:
      ("It was signed after the instant asked about.", "签发晚于所查时刻。")
    case .codeExpired:
      ("The code has expired; a new one can be shown.", "二维码已过期。")
    case .cannotCheck:
      ("This machine's libcrypto could not check a signature.", "本机无法验证签名。")
    }
  }
}
