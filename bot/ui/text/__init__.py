"""Every sentence that people read on Discord, by where it is read. Nothing here decides anything.

`say` is what a sentence is said with: `bot.ui.words.Words`, in the language of its reader. A sentence is written out in
the call, whole, since that is where the catalogues are made from.
"""
