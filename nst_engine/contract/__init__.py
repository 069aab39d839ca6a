"""Values shared by the bot and the engine: parameters, presets, events, job states. No torch, no discord, no queue."""
