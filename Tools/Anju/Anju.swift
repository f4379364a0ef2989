import ArgumentParser

/// The command line over the four services: everything it does but for restoring or auditing a
/// store and reading or verifying files alone, it does through the published RPCs.
@main
struct Anju: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anju",
    abstract: "Work with Anju's four services from the shell.",
    subcommands: [
      Submit.self, Show.self, Watch.self, List.self, Work.self, Opinion.self, Claim.self,
      Release.self, Assign.self, Expedite.self, Statistics.self, Permit.self, Messages.self,
      Register.self, Reconcile.self, Health.self, BackupStores.self, RestoreStore.self,
      Parked.self, Unpark.self, Walk.self, Token.self, TokenKeys.self, Verify.self, Head.self,
      Audit.self, RotateSigningKey.self, Import.self, Policy.self, Seed.self, Officers.self,
      Clock.self,
    ])
}
