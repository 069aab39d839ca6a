"""What the doctor found: one thing, how it is, and what to do about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `remedy` is what to do where it is not well, `advice` what would be wiser where it
    is well enough to run."""

    what: str
    is_well: bool = True
    remedy: str = ""
    advice: str = ""

    @property
    def line(self) -> str:
        if not self.is_well:
            return f"✗   {self.what}\n    → {self.remedy}"
        return f"!   {self.what}\n    → {self.advice}" if self.advice else f"ok  {self.what}"
