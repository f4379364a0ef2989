import Wire

/// Addresses in the counties of the sample offices, as people write them.
enum Dwellings {
  private static let divisions = [
    "330102", "330105", "330106", "330108", "330109", "330110", "330111", "330112", "330203",
    "330205", "330206", "330212", "330302", "330303", "330304", "330381", "330402", "330411",
    "330502", "330602", "330702", "330782", "330802", "330902", "331002", "331102", "331123",
  ]
  private static let streets = ["城关街道", "北山街道", "新城街道", "江滨街道", "开发区街道", "文教街道"]
  private static let roads = ["保俶路", "解放路", "人民中路", "学院路", "滨江大道", "凤起路", "中山北路"]
  private static let communities = ["", "曙光社区", "和平社区", "新桥村", "望江社区"]

  static func address(_ spread: Int) -> ModelV1.Address {
    let room = "\(spread >> 18 % 20 + 1)0\(spread >> 22 % 6 + 1)"
    return ModelV1.Address(
      divisionCode: self.divisions[(spread >> 3) % self.divisions.count],
      street: self.streets[(spread >> 8) % self.streets.count],
      community: self.communities[(spread >> 12) % self.communities.count],
      detail: self.roads[(spread >> 5) % self.roads.count]
        + "\((spread >> 9) % 300 + 1)号\((spread >> 15) % 12 + 1)幢\(room)室")
  }
}
