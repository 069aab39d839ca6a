"""What can be chosen about the bot, by whom, and what holds where: values and rules, without Discord."""
