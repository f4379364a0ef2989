import DomainModel

extension Verifier {
  /// Judges an inclusion proof: whether it is the document's, where that is genuine, and whether it
  /// leads to a head that was found good.
  func check(
    _ bytes: [UInt8], of document: [UInt8]?, against head: TreeHead?,
    _ reasons: inout Set<ProofReason>
  ) {
    do throws(FormDefect) {
      let proof = try InclusionProof(canonicalBytes: bytes)
      if let document {
        let digest = RecordDigest.document(document, salt: proof.salt)
        if proof.record.digests.document != digest { reasons.insert(.proofOfAnother) }
      }
      if let head { self.check(proof, head, &reasons) }
    } catch {
      reasons.insert(error == .truncated ? .proofTruncated : .proofMalformed)
    }
  }

  private func check(
    _ proof: InclusionProof, _ head: TreeHead, _ reasons: inout Set<ProofReason>
  ) {
    guard proof.path.size == head.size else {
      reasons.insert(.pathOfAnotherTree)
      return
    }
    do throws(TreeDefect) {
      try proof.verify(against: head)
    } catch {
      reasons.insert(.pathWrong)
    }
  }
}
