/// What every call of a server must keep to, worked out once a loop instead of once a call.
struct CallBounds {
  let flow: FlowBounds
  /// The patience that a call begins with.
  let patience: Patience

  init(_ limits: TransportLimits) {
    self.flow = FlowBounds(limits)
    self.patience = Patience(limits)
  }
}
