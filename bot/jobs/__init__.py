"""What the bot does with a job, from request to delivery. Knows neither Discord nor torch."""
