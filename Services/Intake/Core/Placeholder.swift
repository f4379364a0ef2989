// Placeholder until this module is written; delete it then.
