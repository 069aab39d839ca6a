"""What the Cancel button says."""

from bot.ui.words import later

LABEL = later("Cancel")
STOPPING = later("Stopping. A picture that was finished just before is still posted.")
IN_QUEUE = later("Cancelled. It had not been started.")
TOO_LATE = later("This has ended already.")
UNKNOWN = later("I no longer know this picture.")
NOT_YOURS = later("Only the person who asked for this picture, or a moderator, can cancel it.")
