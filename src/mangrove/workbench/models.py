"""What the workbench itself keeps: views of lists that people gave a name."""

from mangrove.workbench.listviews.models import DefaultView, ListView

__all__ = ["DefaultView", "ListView"]
