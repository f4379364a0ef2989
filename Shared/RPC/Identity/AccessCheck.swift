/// Refuses a caller that the table does not list for the method, and tells the handler what one
/// that it lists reaches.
struct AccessCheck: ServerInterceptor {
  let rule: AccessRule

  func begin(_ context: inout CallContext) throws {
    context.reach = try self.rule.reach(of: context.caller)
  }
}
