"""What is said about challenges, by where it is read."""
