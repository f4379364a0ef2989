/// The configuration that fontconfig gets: these directories, these families, no rules, and nothing
/// of the machine's or a person's own.
enum FontConfigurationText {
  static func xml(families: [String], directories: [String]) -> String {
    let folders = directories.map { "<dir>\(self.escaped($0))</dir>" }
    let wanted = families.map {
      "<pattern><patelt name=\"family\"><string>\(self.escaped($0))</string></patelt></pattern>"
    }
    // What is accepted wins over what is rejected, and every font is scalable or is not.
    let others = ["true", "false"].map {
      "<pattern><patelt name=\"scalable\"><bool>\($0)</bool></patelt></pattern>"
    }
    return """
      <?xml version="1.0"?>
      <fontconfig>\(folders.joined())<cachedir>/var/cache/fontconfig</cachedir><selectfont>
      <acceptfont>\(wanted.joined())</acceptfont><rejectfont>\(others.joined())</rejectfont>
      </selectfont></fontconfig>
      """
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }
}
