import DomainModel
import RPC
import Storage
import Wire

extension NotificationHandlers {
  /// What a number that the caller has proved wants to be told.
  func getPreferences(
    _ request: NotificationV1.GetPreferencesRequest, _ context: CallContext
  ) async throws -> NotificationV1.GetPreferencesResponse {
    let phone = try Self.checkedPhone(request.phone)
    let principal = try context.requireCaller().principal
    let preferences = try await self.store.store.read { snapshot in
      try self.store.preferences(
        snapshot, of: self.store.proved(snapshot, phone, by: principal))
    }
    return NotificationV1.GetPreferencesResponse(
      preferences: NotificationV1.Preferences(preferences))
  }
}
