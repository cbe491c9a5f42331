"""Entity resolution, as the other rooms know it too."""

from ..core.recipients import Recipients

__all__ = ["Recipients"]
