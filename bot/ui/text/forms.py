"""What is said about forms (modals) in general."""

from bot.ui.words import later

UNKNOWN = later("I no longer know this form. Please open it again.")
