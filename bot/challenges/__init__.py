"""Community style challenges: their rules, what is kept of them, and what is counted. Knows no Discord."""
