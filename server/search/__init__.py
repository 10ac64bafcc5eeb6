"""Search over posts, logs and customers: one index, kept in the transaction that writes what it finds."""
