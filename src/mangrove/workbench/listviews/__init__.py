"""Views of any list, kept under a name: one's own, or shared with one's office."""
