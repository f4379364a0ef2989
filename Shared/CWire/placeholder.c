// Placeholder until protoc-c has run.
