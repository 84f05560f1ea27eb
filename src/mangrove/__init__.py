"""Mangrove 红树: the workbench on which a city runs its 5G industry programme."""

__version__ = "0.1.0"
