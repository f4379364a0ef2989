// Placeholder until the wiring is written.
@main
enum Main {
  static func main() {}
}
