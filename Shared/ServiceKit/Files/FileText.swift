internal import Glibc

/// Small files and folders, read and made with what the system itself has.
enum FileText {
  /// The text of a file of at most `bytesMax` bytes; throws a sentence that names the file.
  static func read(_ path: String, bytesMax: Int) throws(ConfigurationError) -> String {
    guard let file = fopen(path, "re") else {
      throw ConfigurationError(problems: ["\(path) cannot be read: \(Self.reason())"])
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = fread(&part, 1, part.count, file)
      bytes.append(contentsOf: part.prefix(count))
      if bytes.count > bytesMax {
        throw ConfigurationError(problems: ["\(path) has more than \(bytesMax) bytes"])
      }
      if count < part.count { break }
    }
    guard ferror(file) == 0 else {
      throw ConfigurationError(problems: ["\(path) cannot be read: \(Self.reason())"])
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ConfigurationError(problems: ["\(path) is not UTF-8"])
    }
    return text
  }

  /// The names in a folder of at most `entriesMax` entries, sorted by their bytes; throws a
  /// sentence that names the folder.
  static func names(
    in folder: String, entriesMax: Int
  ) throws(ConfigurationError) -> [String] {
    guard let stream = opendir(folder) else {
      throw ConfigurationError(problems: ["\(folder) cannot be listed: \(Self.reason())"])
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = Self.next(in: stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name == "." || name == ".." { continue }
      guard names.count < entriesMax else {
        throw ConfigurationError(problems: ["\(folder) has more than \(entriesMax) entries"])
      }
      names.append(name)
    }
    guard errno == 0 else {
      throw ConfigurationError(problems: ["\(folder) cannot be listed: \(Self.reason())"])
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The next entry; nil at the end, or with `errno` set where it cannot be read.
  private static func next(in stream: OpaquePointer) -> UnsafeMutablePointer<dirent>? {
    errno = 0
    return readdir(stream)
  }

  /// Whether something of that name is there.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Makes a folder and those above it, for the owner only; one that is there stays as it is.
  static func makeFolder(_ path: String) throws(ConfigurationError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += part
      if mkdir(made, 0o700) != 0, errno != EEXIST {
        throw ConfigurationError(problems: ["\(made) cannot be made: \(Self.reason())"])
      }
      made += "/"
    }
    var facts = stat()
    guard stat(path, &facts) == 0, facts.st_mode & S_IFMT == S_IFDIR else {
      throw ConfigurationError(problems: ["\(path) is not a folder"])
    }
  }

  private static func reason() -> String { String(cString: strerror(errno)) }
}
