/// Names as they are borne: most of two or three characters, some with a compound surname, some
/// with characters beyond the basic plane, some of minorities with a middle dot.
enum PersonNames {
  private static let surnames = Array("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧")
  private static let compound = ["欧阳", "诸葛", "上官", "司马", "慕容", "尉迟"]
  private static let given = Array("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英梓涵浩宇欣怡子轩")
  /// In no font of every day, some of four bytes: what a form field, a seal and a text must carry.
  private static let rare = Array("𬎆䶮㛃𫖯𪻐喆堃犇翀昉𠅤")
  /// Uyghur names (GB/T 3304: 05), each two parts and the dot between.
  private static let minority = ["阿依", "买买提", "古丽", "艾尔肯", "热依汗", "吐尔逊", "木合塔尔"]

  /// One in sixty-four has a name of a minority.
  static func isOfMinority(_ spread: Int) -> Bool { spread % 64 == 7 }

  static func name(_ spread: Int) -> String {
    if self.isOfMinority(spread) {
      return self.pick(self.minority, spread >> 6) + "·" + self.pick(self.minority, spread >> 13)
    }
    let isCompound = spread % 64 == 11
    let surname =
      isCompound
      ? self.pick(self.compound, spread >> 6) : String(self.pick(self.surnames, spread >> 6))
    // One in thirty-two has a rare character.
    let characters = spread % 32 == 3 ? self.rare : self.given
    let first = self.pick(characters, spread >> 11)
    let isShort = spread % 4 == 0
    return surname + String(first) + (isShort ? "" : String(self.pick(self.given, spread >> 16)))
  }

  private static func pick<Element>(_ list: [Element], _ number: Int) -> Element {
    list[number % list.count]
  }
}
