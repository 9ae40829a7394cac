"""Mail that leaves the house: an outbox written in the same transaction as its cause, and a task that empties it."""
