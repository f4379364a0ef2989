extension RunSetting {
  /// On what it ran and how to do it again, as a part of a page.
  func section(seed: UInt64, personsStored: Int) -> Markup {
    let facts = [
      ("machine", "\(self.processor), \(self.cores) processors"),
      ("memory", Figure.bytes(Double(self.memoryBytes))), ("system", self.system),
      ("store", self.store), ("commit", self.commit), ("began", self.startedAt),
      ("to do it again", self.command), ("seed", String(seed)),
      ("persons stored before", Figure.count(personsStored)),
    ]
    return PageWords.section(
      "On what, and how to do it again",
      [PageTable.table(["", ""], facts.map { PageTable.row([($0.0, ""), ($0.1, "mono")]) })])
  }

  /// On what it ran, as a sentence.
  var sentence: String {
    "It ran on \(self.processor), \(self.cores) processors, "
      + "\(Figure.bytes(Double(self.memoryBytes))) of memory, \(self.system), with the data in "
      + "\(self.store), at commit \(self.commit), from \(self.startedAt)."
  }
}
