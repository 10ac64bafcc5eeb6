"""What a member gave and what they got back: read from what was done, kept in no book of its own."""
